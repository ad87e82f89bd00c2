import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { noseBaseOf, pointsOf } from '../datasets/landmark_samples.js';
import { meanShape } from '../datasets/mean_shape.js';
import { listPreparedParts, readPreparedDescription, writePreparedDescription } from '../datasets/prepared_folder.js';
import { landmarkShape } from '../datasets/sample_augmentation.js';
import { openSampleSource } from '../datasets/sample_source.js';
import { InvalidInputError } from '../errors.js';
import { writeFileWhole } from '../files.js';
import { datasetClasses } from '../learner/checkpoint/dataset_classes.js';
import { delaunayMuscles, type MuscleEdges, type Muscles, writeMuscles } from '../perception/window/muscles.js';
import { interruptible } from './interrupt.js';
import { transformFolder } from './transform_folder.js';
import { reportWork } from './work_list.js';

interface Flags {
  readonly landmarkDataFolder: string;
  readonly muscleDataFolder: string;
  readonly datasetName?: string;
  readonly duplicates?: boolean;
  readonly like?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  pstbln prepare muscles --dataset-name AFEW --landmark-data-folder data/AFEW_aug_data --muscle-data-folder data/muscle_data
  pstbln prepare muscles --landmark-data-folder test --muscle-data-folder test_muscles --like data/muscle_data
The pairs of points are in dataset.json there, and in the metadata of a model that is trained on them.`;

/** Adds `prepare muscles`. */
export function addMusclesCommand(prepare: Command): void {
  prepare
    .command('muscles')
    .description(
      'samples of landmarks to samples of muscles: differences of points that a triangulation of the mean face joins',
    )
    .requiredOption('--landmark-data-folder <folder>', 'samples of landmarks, as folds, afew and augment write them')
    .requiredOption('--muscle-data-folder <folder>', 'where those of muscles are put, under the same names')
    .option('--dataset-name <name>', 'the dataset, where the samples do not say of which they are')
    .addOption(
      new Option(
        '--duplicates',
        'edges of two triangles twice, and one of a point to itself, as the reference',
      ).conflicts('like'),
    )
    .option('--like <folder>', 'the same pairs of points as in this folder of muscles')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

/** What the muscles of a folder are made by. */
interface FolderShape {
  readonly points: 'inner' | 'all';
  readonly muscles: Muscles;
  /** Number of classes that the labels of the training data show. */
  readonly classCount: number;
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { landmarkDataFolder, muscleDataFolder, duplicates = false, like, json } = flags;
  const description = await readPreparedDescription(landmarkDataFolder);
  if (description?.muscles) {
    throw new InvalidInputError('the samples', 'muscles', 'landmarks, of which muscles are made', landmarkDataFolder);
  }
  const edges: MuscleEdges = duplicates ? 'duplicates' : 'once';
  const given = like === undefined ? null : await musclesOf(like);
  const { points, muscles, classCount } = await folderShape(landmarkDataFolder, edges, given);
  const result = await transformFolder(
    landmarkDataFolder,
    muscleDataFolder,
    () => ({
      copies: 1,
      dims: (dims, origin) => {
        landmarkShape(dims, origin);
        return [dims[0], dims[1], muscles.length, dims[3]];
      },
      make: (data, _index, [channels, frames, vertices]) => {
        const target = new Float32Array(channels * frames * muscles.length);
        writeMuscles(data, vertices, muscles, target);
        return [{ suffix: '', data: target }];
      },
    }),
    { muscles },
    signal,
  );
  const name = description?.dataset_name ?? flags.datasetName ?? 'unknown';
  const classes = description?.classes ?? datasetClasses(name, classCount);
  const known = description ?? { dataset_name: name, classes, points, extractor: null };
  await writePreparedDescription(muscleDataFolder, { ...known, muscles });
  await writeFileWhole(join(muscleDataFolder, 'muscles.json'), `${JSON.stringify({ points, muscles })}\n`);
  reportWork(result, 'data files', { json, more: { muscles: muscles.length, samples: result.samples } });
}

/** The muscles of the mean shape of the (first) training data. */
async function folderShape(folder: string, edges: MuscleEdges, given: Muscles | null): Promise<FolderShape> {
  const part = listPreparedParts(folder)[0]!;
  const origin = join(folder, part.dataFilename);
  const source = await openSampleSource(origin, join(folder, part.labelsFilename));
  try {
    const { points } = landmarkShape(source.dims, origin);
    const outside = given?.find((pair) => pair.some((point) => point >= pointsOf(points)));
    if (outside)
      throw new InvalidInputError('a muscle', outside, `points below ${pointsOf(points)}, as there are`, origin);
    const muscles = given ?? delaunayMuscles(await meanShape(source, origin), noseBaseOf(points), edges);
    const classCount = source.labels.reduce((most, label) => Math.max(most, label + 1), 2);
    return { points, muscles, classCount };
  } finally {
    await source.close();
  }
}

async function musclesOf(folder: string): Promise<Muscles> {
  const muscles = (await readPreparedDescription(folder))?.muscles;
  if (muscles === undefined) throw new InvalidInputError('--like', folder, 'a folder of muscles', 'the command line');
  return muscles;
}
