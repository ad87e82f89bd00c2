import type { Command } from 'commander';
import { readPreparedDescription, writePreparedDescription } from '../datasets/prepared_folder.js';
import {
  copyCount,
  landmarkShape,
  type SampleAugmentation,
  sampleAugmentationSchema,
  sampleCopies,
} from '../datasets/sample_augmentation.js';
import { InvalidInputError } from '../errors.js';
import { SeededRandom } from '../learner/random/seeded_random.js';
import { parseOptions } from '../options.js';
import { numberFromZero, wholeNumber } from './arguments.js';
import { interruptible } from './interrupt.js';
import { transformFolder } from './transform_folder.js';
import { reportWork } from './work_list.js';

type Flags = SampleAugmentation & {
  readonly dataFolder: string;
  readonly augDataFolder: string;
  readonly seed: number;
  readonly json?: boolean;
};

const DEGREES = 180 / Math.PI;
const EXAMPLES = `
Examples:
  pstbln prepare augment --data-folder data/AFEW_data --aug-data-folder data/AFEW_aug_data
  pstbln prepare augment --data-folder folds --aug-data-folder more --rounds 1 --noise 0.02 --scale 0.1 --warp 0.1
Validation data are taken over as they are.`;

/** Tells this randomness apart from that of other uses of the same seed. */
const STREAM = 105;

/** Adds `prepare augment`. */
export function addAugmentCommand(prepare: Command): void {
  const defaults = sampleAugmentationSchema.parse({});
  prepare
    .command('augment')
    .description('training samples with copies of each: mirrored, noisy, turned, in another size or time')
    .requiredOption('--data-folder <folder>', 'samples of landmarks, as folds and afew write them')
    .requiredOption('--aug-data-folder <folder>', 'where they are put with their copies, under the same names')
    .option('--rounds <n>', 'copies are 2 + 4 n, the original among them', wholeNumber(0), defaults.rounds)
    .option(
      '--noise <x>',
      "standard deviation over the distance of the eyes' outer corners",
      numberFromZero,
      defaults.noise,
    )
    .option(
      '--rotation <degrees>',
      'a sample is turned by so much at most',
      numberFromZero,
      defaults.rotation * DEGREES,
    )
    .option('--scale <x>', 'change of size at most, of the copies with noise or turned', numberFromZero, defaults.scale)
    .option(
      '--warp <x>',
      'likewise how far time runs ahead or behind at most, of the length',
      numberFromZero,
      defaults.warp,
    )
    .option('--seed <n>', 'another one makes other copies', wholeNumber(0), 0)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { dataFolder, augDataFolder, rounds, noise, rotation, scale, warp, seed, json } = flags;
  const given = { rounds, noise, rotation: rotation / DEGREES, scale, warp };
  const augmentation = parseOptions(sampleAugmentationSchema, given, 'the command line');
  const description = await readPreparedDescription(dataFolder);
  if (description?.muscles) {
    throw new InvalidInputError('the samples', 'muscles', 'landmarks: augment first, then make muscles', dataFolder);
  }
  const result = await transformFolder(
    dataFolder,
    augDataFolder,
    ({ split, fold }) => ({
      copies: split === 'train' ? copyCount(augmentation) : 1,
      dims: (dims, origin) => {
        landmarkShape(dims, origin);
        return dims;
      },
      make: (data, index, dims) => {
        if (split === 'val') return [{ suffix: '', data }];
        // By the sample, so that it does not depend on what was made before.
        const random = new SeededRandom(seed, STREAM + 1000 * (1 + index) + (fold ?? 0));
        return sampleCopies(data, landmarkShape(dims, dataFolder), augmentation, random);
      },
    }),
    { augmentation, seed },
    signal,
  );
  if (description !== null) await writePreparedDescription(augDataFolder, description);
  reportWork(result, 'data files', { json, more: { samples: result.samples } });
}
