import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { SeededRandom } from '../learner/random/seeded_random.js';
import type { EpochSource, SampleSource } from '../learner/samples.js';
import { changedSample, landmarkShape, mirrorSample, sampleAugmentationSchema } from './sample_augmentation.js';

const { noise, rotation, scale, warp } = sampleAugmentationSchema.shape;

/** How prepared samples of landmarks are changed in each epoch; nothing is, where all are 0. */
export const dataAugmentationSchema = z.strictObject({
  /** Probability of mirroring. */
  mirror: z.number().min(0).max(1).default(0),
  noise: noise.unwrap().default(0),
  rotation: rotation.unwrap().default(0),
  scale: scale.unwrap().default(0),
  warp: warp.unwrap().default(0),
});

export type DataAugmentation = z.output<typeof dataAugmentationSchema>;

/** Tells this randomness apart from that of other uses of the same seed. */
const STREAM = 106;

/**
 * Samples that are changed anew in each epoch, each by itself; the source as it is, where nothing is to be changed.
 *
 * @throws InvalidInputError where samples that are to be changed are no landmarks
 */
export function augmentedEpochs(
  source: SampleSource,
  augmentation: DataAugmentation,
  areMuscles: boolean,
): SampleSource | EpochSource<SampleSource> {
  if (Object.values(augmentation).every((amount) => amount === 0)) return source;
  const { origin = 'the samples' } = source;
  if (areMuscles) throw new InvalidInputError('data_augmentation', augmentation, 'landmarks, not muscles', origin);
  const shape = landmarkShape(source.dims, origin);
  const size = source.dims.reduce((product, dim) => product * dim, 1);
  return {
    epoch: (seed) => ({
      ...source,
      gather: async (indices, target) => {
        await source.gather(indices, target);
        for (let row = 0; row < indices.length; row++) {
          const random = new SeededRandom(seed, STREAM + 1000 * (1 + indices[row]!));
          const sample = target.subarray(row * size, (row + 1) * size);
          const changed = changedSample(sample, shape, augmentation, random);
          sample.set(random.uniform() < augmentation.mirror ? mirrorSample(changed, shape) : changed);
        }
      },
    }),
  };
}
