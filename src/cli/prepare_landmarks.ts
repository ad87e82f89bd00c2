import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { isImageName } from '../camera/folder_source.js';
import { findImageReader, type ImageBackendName } from '../camera/image_backend.js';
import { csvField } from '../csv.js';
import { checkDatasetLayout, REFERENCE_DATASETS, type ReferenceDataset } from '../datasets/dataset_layout.js';
import { type FolderFiles, listFileTree } from '../datasets/file_tree.js';
import { claimLandmarkFolder, hasLandmarks, readRecord, writeLandmarks } from '../datasets/landmark_folder.js';
import { MISSING_RULES, type MissingRule } from '../datasets/missing_landmarks.js';
import { ExpectedError, InvalidInputError } from '../errors.js';
import { writeFileWhole } from '../files.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LOADABLE_EXTRACTOR_NAMES,
} from '../perception/landmarks/landmark_extractor_name.js';
import { positiveNumber, wholeNumber } from './arguments.js';
import { imageBackendOption } from './image_backend_flag.js';
import { interruptible } from './interrupt.js';
import { imageExtractor } from './landmark_extractor_flag.js';
import { LandmarkThread } from './landmark_threads.js';
import { readLandmarkerSource } from './landmarkers.js';
import { reportWork, workThrough } from './work_list.js';

interface Flags {
  readonly framesFolder: string;
  readonly landmarkFolder: string;
  readonly datasetName?: ReferenceDataset;
  readonly extractor?: string;
  readonly shapePredictor?: string;
  readonly boxes?: string;
  readonly missing: MissingRule;
  readonly width?: number;
  readonly imageBackend: ImageBackendName;
  readonly jobs: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln prepare landmarks --dataset-name AFEW --frames-folder data/AFEW --landmark-folder data/AFEW_landmarks
  pstbln prepare landmarks --frames-folder frames --landmark-folder landmarks --extractor face_api --missing interpolate
  pstbln prepare landmarks --frames-folder faces --landmark-folder points --extractor dlib --boxes boxes.csv
FOLDER/NAME.jpg becomes FOLDER/NAME.npy, (68, 2). Folders that are done are passed over. Images without a face are listed
in missing.csv.`;

/** Adds `prepare landmarks`. */
export function addLandmarksCommand(prepare: Command): void {
  prepare
    .command('landmarks')
    .description('images, in folders of any depth, to the landmarks of a face in each; a folder is a sequence')
    .requiredOption('--frames-folder <folder>', 'the images (jpg, jpeg, png)')
    .requiredOption('--landmark-folder <folder>', 'where the landmarks are put, in folders as those of the images')
    .addOption(
      new Option('--dataset-name <name>', 'check that folders are as of this dataset').choices(REFERENCE_DATASETS),
    )
    .addOption(
      new Option(
        '--extractor <name>',
        `what finds faces and landmarks (default: ${DEFAULT_LANDMARK_EXTRACTOR}, with --shape-predictor dlib)`,
      ).choices(LOADABLE_EXTRACTOR_NAMES),
    )
    .option('--shape-predictor <dat>', "dlib's 68-point model (default, with --extractor dlib: the system's)")
    .option('--boxes <csv>', 'with dlib: image,left,top,right,bottom of faces, instead of detecting them')
    .addOption(
      new Option(
        '--missing <rule>',
        'of an image without a face: left out, as the one before, or between its neighbours',
      )
        .choices(MISSING_RULES)
        .default('skip'),
    )
    .option(
      '--width <pixels>',
      'landmarks as in images of this width, 500 as the reference (default: as they are)',
      positiveNumber,
    )
    .addOption(imageBackendOption())
    .option('--jobs <n>', 'sequences that are worked on at a time', wholeNumber(1), availableParallelism())
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { framesFolder, landmarkFolder, datasetName, shapePredictor, boxes, missing, width = null, json } = flags;
  const extractor = imageExtractor(flags.extractor, shapePredictor);
  const sequences = listFileTree(framesFolder, isImageName);
  if (sequences.length === 0) {
    throw new InvalidInputError('the folder', framesFolder, 'images in it, or in its folders', '--frames-folder');
  }
  if (datasetName !== undefined) checkDatasetLayout(sequences, datasetName, framesFolder);
  const source = await readLandmarkerSource({ extractor, shapePredictor, boxes, framesFolder });
  const left = await sequencesLeft(sequences, landmarkFolder);
  const jobs = Math.min(flags.jobs, left.length);
  const reader = findImageReader(flags.imageBackend, '--image-backend');
  const start = { source, framesFolder, reader, missing, width };
  const threads = await LandmarkThread.startAll(jobs, start);
  try {
    await claimLandmarkFolder(landmarkFolder, { extractor, missing, width });
    const result = await workThrough(left, {
      label: 'images',
      jobs,
      signal,
      nameOf: ({ folder }) => folder,
      sizeOf: ({ names }) => names.length,
      work: async (sequence, worker, onShare) => {
        const frames = await threads[worker]!.landmarks(sequence, onShare, signal);
        // A Ctrl-C goes to ffmpeg too: where that spoiled images, it has been heard here by the next turn.
        await setImmediate();
        signal.throwIfAborted();
        // Not written, so that the next run tries again.
        if (frames.every(({ width }) => width === 0)) throw new ExpectedError(frames[0]!.reason);
        await writeLandmarks(landmarkFolder, sequence.folder, frames);
        if (frames.every(({ landmarks }) => landmarks === null)) {
          return { warnings: ['no face in any of its images'] };
        }
        return 'done';
      },
    });
    result.skipped += sequences.length - left.length;
    const frames = await writeMissing(landmarkFolder, sequences);
    const list = frames.without_a_face > 0 ? { listed_in: join(landmarkFolder, MISSING) } : {};
    reportWork(result, 'sequences', { json, more: { extractor, ...frames, ...list } });
  } finally {
    await LandmarkThread.stopAll(threads);
  }
}

/** Those without landmarks, long ones first: so that no thread is left alone with one at the end. */
async function sequencesLeft(sequences: readonly FolderFiles[], landmarkFolder: string): Promise<FolderFiles[]> {
  const left: FolderFiles[] = [];
  for (const sequence of sequences) {
    if (!(await hasLandmarks(landmarkFolder, sequence.folder, sequence.names))) left.push(sequence);
  }
  return left.sort((a, b) => b.names.length - a.names.length);
}

const MISSING = 'missing.csv';

/** Lists the images without a face of all sequences that are done. */
async function writeMissing(
  landmarkFolder: string,
  sequences: readonly FolderFiles[],
): Promise<{ frames: number; without_a_face: number }> {
  let frames = 0;
  const lines: string[] = [];
  for (const { folder } of sequences) {
    for (const { image, state, reason } of (await readRecord(landmarkFolder, folder)) ?? []) {
      frames++;
      if (state === 'found') continue;
      lines.push([folder === '' ? image : `${folder}/${image}`, state, reason].map(csvField).join(','));
    }
  }
  await writeFileWhole(join(landmarkFolder, MISSING), `${['image,state,reason', ...lines].join('\n')}\n`);
  return { frames, without_a_face: lines.length };
}
