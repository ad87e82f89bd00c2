import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { classOrder, SPLITS } from '../datasets/dataset_layout.js';
import {
  alignedSamples,
  centredSamples,
  type SequenceSamples,
  type SequenceWindow,
  type WindowTimes,
} from '../datasets/fold_samples.js';
import { readLandmarkFolderInfo } from '../datasets/landmark_folder.js';
import { CLIP_FITS, type ClipFit, fitClip, pointsOf, type SamplePoints } from '../datasets/landmark_samples.js';
import { foldersIn, framesIn, readLandmarkFiles } from '../datasets/landmark_tree.js';
import {
  type PreparedPart,
  partNames,
  removeOtherParts,
  writePreparedDescription,
} from '../datasets/prepared_folder.js';
import { writePreparedPart } from '../datasets/prepared_samples.js';
import { InvalidInputError } from '../errors.js';
import { removePartialFiles } from '../files.js';
import { SeededRandom } from '../learner/random/seeded_random.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { type AlignFlag, alignOption } from './align_flag.js';
import { positiveNumber, wholeNumber } from './arguments.js';
import { interruptible } from './interrupt.js';
import { reportWork, workThrough } from './work_list.js';

interface Flags {
  readonly landmarkFolder: string;
  readonly dataFolder: string;
  readonly datasetName: string;
  readonly frames: number;
  readonly fit: ClipFit;
  readonly points: SamplePoints;
  readonly align: AlignFlag;
  readonly rate: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Hertz: of most of AFEW's clips. */
const RATE = 25;

const EXAMPLES = `
Examples:
  pstbln prepare afew --landmark-folder data/AFEW_landmarks --data-folder data/AFEW_data
  pstbln prepare afew --landmark-folder landmarks --data-folder data --frames 30 --fit resample --align all
Landmarks lie in Train/CLASS/CLIP/FRAME.npy and Val/CLASS/CLIP/FRAME.npy.`;

/** Adds `prepare afew`. */
export function addAfewCommand(prepare: Command): void {
  prepare
    .command('afew')
    .description('landmarks of clips of any length, already parted into Train and Val, to samples of the same length')
    .requiredOption('--landmark-folder <folder>', 'the landmarks, in Train and Val, by class and clip')
    .requiredOption('--data-folder <folder>', 'where Train.npy, Val.npy and their labels are put')
    .option('--dataset-name <name>', 'the dataset, whose classes come first', 'AFEW')
    .option('--frames <n>', 'of a sample', wholeNumber(1), 150)
    .addOption(
      new Option('--fit <how>', 'start a short clip again, as the reference, or stretch or squeeze any')
        .choices(CLIP_FITS)
        .default('repeat'),
    )
    .addOption(
      new Option('--points <which>', 'inner: the 51 without the jaw; all: 68')
        .choices(['inner', 'all'])
        .default('inner'),
    )
    .addOption(alignOption())
    .option('--rate <hertz>', 'with --align: frames a second in the clips', positiveNumber, RATE)
    .option('--seed <n>', 'another one shuffles otherwise', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

interface Clip {
  readonly split: PreparedPart['split'];
  readonly category: string;
  readonly name: string;
  readonly path: string;
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { landmarkFolder, dataFolder, datasetName, frames, fit, points, align, rate, seed, json } = flags;
  const clips = listClips(landmarkFolder);
  const classes = classOrder(
    clips.map(({ category }) => category),
    datasetName,
  );
  const windows: Record<PreparedPart['split'], SequenceWindow[]> = { train: [], val: [] };
  let framesOfTrain = 0;
  const result = await workThrough(clips, {
    label: 'clips',
    jobs: 1,
    signal,
    nameOf: ({ path }) => path,
    work: async ({ split, category, name, path }) => {
      const files = framesIn(path).map(({ file }) => file);
      if (files.length === 0) throw new InvalidInputError('the clip', path, 'landmarks in it', landmarkFolder);
      const window = fitClip(readLandmarkFiles(files), 2 * LANDMARKS, frames, fit);
      windows[split].push({ name: `${category}/${name}`, window, label: classes.indexOf(category) });
      if (split === 'train') framesOfTrain += files.length;
      return 'done';
    },
  });
  const { train, val } = windows;
  if (train.length === 0) throw new InvalidInputError('the clips of Train', 0, 'one that can be read', landmarkFolder);
  const span = fit === 'repeat' ? frames - 1 : framesOfTrain / train.length - 1;
  const times = liveTimes(frames, span / rate);
  const prepared = (of: readonly SequenceWindow[]): SequenceSamples =>
    align === 'none' ? centredSamples(of, points) : alignedSamples(of, points, align, times, train);
  const random = new SeededRandom(seed);
  const splits = (['train', 'val'] as const).filter((split) => windows[split].length > 0);
  const parts = splits.map((split) => partNames(split, null));
  for (const part of parts) {
    const samples = random.shuffle([...prepared(windows[part.split]).samples]);
    await writePreparedPart(dataFolder, part, samples, [2, frames, pointsOf(points), 1]);
  }
  await removeOtherParts(dataFolder, parts);
  await removePartialFiles(dataFolder);
  const extractor = (await readLandmarkFolderInfo(landmarkFolder))?.extractor ?? null;
  const { window } = prepared([]);
  const described = { dataset_name: datasetName, classes, points, extractor };
  await writePreparedDescription(dataFolder, { ...described, ...(window && { window }) });
  reportWork(result, 'clips', { json, more: { train: train.length, val: val.length, classes } });
}

/** How a live window of so many seconds stands for a clip of T frames, of which a longer one gives its last. */
function liveTimes(frames: number, seconds: number): WindowTimes {
  return {
    ages_seconds: Array.from({ length: frames }, (_, i) =>
      frames > 1 ? (seconds * (frames - 1 - i)) / (frames - 1) : 0,
    ),
    sequence_frames: Array.from({ length: frames }, (_, i) => i - frames),
  };
}

function listClips(root: string): Clip[] {
  const clips = foldersIn(root).flatMap((folder) => {
    const split = SPLITS.find((name) => name.toLowerCase() === folder.toLowerCase());
    if (split === undefined) throw new InvalidInputError('the folder', folder, 'Train and Val', root);
    return foldersIn(join(root, folder)).flatMap((category) =>
      foldersIn(join(root, folder, category)).map((name): Clip => {
        const path = join(root, folder, category, name);
        return { split: split === 'Train' ? 'train' : 'val', category, name, path };
      }),
    );
  });
  if (!clips.some(({ split }) => split === 'train')) {
    throw new InvalidInputError('the folder of landmarks', root, 'Train/CLASS/CLIP/FRAME.npy in it', root);
  }
  return clips;
}
