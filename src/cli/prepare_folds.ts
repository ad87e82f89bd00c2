import { type Command, Option } from 'commander';
import { classOrder, REFERENCE_DATASETS } from '../datasets/dataset_layout.js';
import { alignedSamples, centredSamples, foldParts, type SequenceWindow } from '../datasets/fold_samples.js';
import { subjectIndependentFolds } from '../datasets/folds.js';
import { readLandmarkFolderInfo } from '../datasets/landmark_folder.js';
import { firstAndLastPositions, pointsOf, type SamplePoints } from '../datasets/landmark_samples.js';
import { listLandmarkTree, readLandmarkFiles } from '../datasets/landmark_tree.js';
import { removeOtherParts, writePreparedDescription } from '../datasets/prepared_folder.js';
import { writePreparedPart } from '../datasets/prepared_samples.js';
import { InvalidInputError } from '../errors.js';
import { removePartialFiles } from '../files.js';
import { type AlignFlag, alignOption } from './align_flag.js';
import { numbersFromZero, wholeNumber } from './arguments.js';
import { interruptible } from './interrupt.js';
import { reportWork, workThrough } from './work_list.js';

interface Flags {
  readonly landmarkFolder: string;
  readonly outputFolder: string;
  readonly datasetName: string;
  readonly frames: number;
  readonly points: SamplePoints;
  readonly align: AlignFlag;
  readonly ages?: number[];
  readonly extractor?: string;
  readonly folds: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Seconds: the age of a live window's first frame, where nothing is said. */
const FIRST_AGE = 1.5;
/** Hertz: the rate of its last frames. */
const RATE = 30;

const EXAMPLES = `
Examples:
  pstbln prepare folds --dataset-name CK+ --landmark-folder data/CK+_landmarks --output-folder data/CK+_10fold
  pstbln prepare folds --dataset-name mine --landmark-folder landmarks --output-folder folds --folds 5 --align all
Landmarks lie in SUBJECT/CLASS/FRAME.npy, or SUBJECT/CLASS/SEQUENCE/FRAME.npy.`;

/** Adds `prepare folds`. */
export function addFoldsCommand(prepare: Command): void {
  prepare
    .command('folds')
    .description(
      'landmarks of sequences of CK+, Oulu-CASIA and the like to samples in folds; no subject is in two of them',
    )
    .requiredOption('--landmark-folder <folder>', 'the landmarks, by subject and class')
    .requiredOption('--output-folder <folder>', 'where _train_K.npy, _val_K.npy and their labels are put, K from 0')
    .option(
      '--dataset-name <name>',
      `the dataset, whose classes come first: ${REFERENCE_DATASETS.slice(1).join(', ')}, or yours`,
      'CASIA',
    )
    .option('--frames <n>', "of a sample: the sequence's first one and its last ones", wholeNumber(2), 5)
    .addOption(
      new Option('--points <which>', 'inner: the 51 without the jaw; all: 68')
        .choices(['inner', 'all'])
        .default('inner'),
    )
    .addOption(alignOption())
    .option(
      '--ages <seconds>',
      "with --align: of a live window's frames, oldest first, parted by commas",
      numbersFromZero,
    )
    .option('--extractor <name>', 'what found the landmarks, where their folder does not say')
    .option('--folds <n>', 'how many folds', wholeNumber(2), 10)
    .option('--seed <n>', 'another one draws other folds', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { landmarkFolder, outputFolder, datasetName, frames, points, align, folds, seed, json } = flags;
  const ages = flags.ages ?? Array.from({ length: frames }, (_, i) => (i === 0 ? FIRST_AGE : (frames - 1 - i) / RATE));
  if (ages.length !== frames) throw new InvalidInputError('--ages', ages, `${frames} of them`, 'the command line');
  const sequences = listLandmarkTree(landmarkFolder);
  const categories = sequences.map(({ category }) => category);
  const classes = classOrder(categories, datasetName);
  const windows: (SequenceWindow & { readonly subject: string })[] = [];
  const result = await workThrough(sequences, {
    label: 'sequences',
    jobs: 1,
    signal,
    nameOf: ({ path }) => path,
    work: async ({ subject, category, name: sequence, path, files }) => {
      if (files.length < 2) throw new InvalidInputError('the number of frames', files.length, '2 or more', path);
      const positions = firstAndLastPositions(files.length, frames);
      const window = readLandmarkFiles(positions.map((position) => files[position]!));
      const name = [subject, category, ...(sequence === '' ? [] : [sequence])].join('/');
      windows.push({ name, window, label: classes.indexOf(category), subject });
      return 'done';
    },
  });
  const subjects = windows.map(({ subject }) => subject);
  const foldOf = subjectIndependentFolds(
    subjects,
    windows.map(({ label }) => classes[label]!),
    folds,
    seed,
  );
  const sequence_frames = Array.from({ length: frames }, (_, i) => (i === 0 ? 0 : i - frames));
  const { samples, window } =
    align === 'none'
      ? centredSamples(windows, points)
      : alignedSamples(windows, points, align, { ages_seconds: ages, sequence_frames });
  const parts = foldParts(samples, foldOf, folds);
  for (const { part, samples: chosen } of parts) {
    signal.throwIfAborted();
    await writePreparedPart(outputFolder, part, chosen, [2, frames, pointsOf(points), 1]);
  }
  await removeOtherParts(
    outputFolder,
    parts.map(({ part }) => part),
  );
  await removePartialFiles(outputFolder);
  const extractor = (await readLandmarkFolderInfo(landmarkFolder))?.extractor ?? flags.extractor ?? null;
  const described = { dataset_name: datasetName, classes, points, extractor };
  await writePreparedDescription(outputFolder, { ...described, ...(window && { window }) });
  const sizes = Array.from({ length: folds }, (_, fold) => foldOf.filter((of) => of === fold).length);
  const more = { subjects: new Set(subjects).size, folds, fold_sizes: json ? sizes : sizes.join(', '), classes };
  reportWork(result, 'sequences', { json, more });
}
