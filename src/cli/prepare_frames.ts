import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { extractFrames, isClipName } from '../camera/extract_frames.js';
import { FRAME_FORMATS, findImageBackend, type ImageBackendName, openImageBackend } from '../camera/image_backend.js';
import { listFileTree, stemOf } from '../datasets/file_tree.js';
import { InvalidInputError } from '../errors.js';
import { removePartialFiles } from '../files.js';
import { positiveNumber, wholeNumber } from './arguments.js';
import { imageBackendOption } from './image_backend_flag.js';
import { interruptible } from './interrupt.js';
import { reportWork, workThrough } from './work_list.js';

interface Flags {
  readonly videoFolder: string;
  readonly framesFolder: string;
  readonly rate?: number;
  readonly format: (typeof FRAME_FORMATS)[number];
  readonly imageBackend: ImageBackendName;
  readonly jobs: number;
  readonly overwrite?: boolean;
  readonly keepDamaged?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln prepare frames --video-folder data/AFEW_videos --frames-folder data/AFEW
  pstbln prepare frames --video-folder clips --frames-folder frames --rate 10 --format png
A clip FOLDER/NAME.avi becomes FOLDER/NAME/000001.jpg, 000002.jpg, ... A clip whose folder is there is passed over.`;

/** Adds `prepare frames`. */
export function addFramesCommand(prepare: Command): void {
  prepare
    .command('frames')
    .description('clips, in folders of any depth, to numbered images')
    .requiredOption('--video-folder <folder>', 'the clips (.avi, .mp4, .mkv, .gif and what else FFmpeg reads)')
    .requiredOption('--frames-folder <folder>', 'where the images are put, in folders as those of the clips')
    .option('--rate <hertz>', "images a second (default: each of the clip's frames, once)", positiveNumber)
    .addOption(new Option('--format <format>', 'of the images').choices(FRAME_FORMATS).default('jpg'))
    .addOption(imageBackendOption())
    .option('--jobs <n>', 'clips that are read at a time', wholeNumber(1), availableParallelism())
    .option('--keep-damaged', 'of clips that are damaged, such as cut short, take the frames that can be read')
    .option('--overwrite', 'read clips again whose frames are there')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

interface Clip {
  /** From the folder of clips. */
  readonly file: string;
  /** From the folder of frames. */
  readonly folder: string;
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { videoFolder, framesFolder, rate, format, jobs, overwrite = false, keepDamaged = false, json } = flags;
  const clips = listClips(videoFolder);
  const backend = openImageBackend(await findImageBackend(flags.imageBackend, '--image-backend'));
  let frames = 0;
  for (const folder of new Set(clips.map((clip) => dirname(join(framesFolder, clip.folder))))) {
    await removePartialFiles(folder);
  }
  const result = await workThrough(clips, {
    label: 'clips',
    jobs,
    signal,
    nameOf: ({ file }) => file,
    work: async ({ file, folder }) => {
      const target = join(framesFolder, folder);
      if (!overwrite && existsSync(target)) return 'skipped';
      const twin = clips.find((other) => other.folder === folder && other.file !== file);
      if (twin) throw new InvalidInputError('the clip', file, `another name than that of ${twin.file}`, videoFolder);
      const extraction = { backend, rateHertz: rate ?? null, format, keepDamaged, signal };
      const { count, complaint } = await extractFrames(join(videoFolder, file), target, extraction);
      frames += count;
      return complaint === undefined ? 'done' : { warnings: [`the clip is damaged (${backend.name}: ${complaint})`] };
    },
  });
  reportWork(result, 'clips', { json, more: { frames } });
}

function listClips(videoFolder: string): Clip[] {
  const clips = listFileTree(videoFolder, isClipName).flatMap(({ folder, names }) =>
    names.map((name): Clip => {
      const prefix = folder === '' ? '' : `${folder}/`;
      return { file: `${prefix}${name}`, folder: `${prefix}${stemOf(name)}` };
    }),
  );
  if (clips.length === 0) {
    throw new InvalidInputError('the folder', videoFolder, 'clips in it, or in its folders', '--video-folder');
  }
  return clips;
}
