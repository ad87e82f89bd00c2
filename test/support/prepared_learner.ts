import type { Sample } from '../../src/datasets/sample_source.js';
import type { FitOptions, LearnerOptions } from '../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../src/learner/progressive_spatio_temporal_bln_learner.js';
import type { SampleSource } from '../../src/learner/samples.js';
import { PREPARED_CLASSES, PREPARED_DIMS } from './prepared_samples.js';

/** Options for a small network of `writePreparedSamples`'s samples. */
export function preparedOptions(changes: LearnerOptions = {}): LearnerOptions {
  const [inChannels, , numPoint, numPerson] = PREPARED_DIMS;
  return {
    topology: [1],
    blockSize: 4,
    inChannels,
    numPoint,
    numPerson,
    numClass: PREPARED_CLASSES,
    datasetName: 'AFEW',
    epochs: 4,
    batchSize: 21,
    device: 'cpu',
    threads: 1,
    seed: 5,
    ...changes,
  };
}

/** A learner that has learned the training data a little: some of its answers are right, some wrong. */
export async function preparedLearner(
  training: Parameters<ProgressiveSpatioTemporalBLNLearner['fit']>[0],
  changes: LearnerOptions = {},
  fit: FitOptions = {},
): Promise<ProgressiveSpatioTemporalBLNLearner> {
  const learner = new ProgressiveSpatioTemporalBLNLearner(preparedOptions(changes));
  await learner.fit(training, null, { silent: true, ...fit });
  return learner;
}

/** All samples of a source, one by one; each is in the same array as the one before. */
export async function* samplesOneByOne({ count, dims, labels, names, gather }: SampleSource): AsyncGenerator<Sample> {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (let index = 0; index < count; index++) {
    await gather([index], data);
    const name = names?.[index];
    yield { data, label: labels[index]!, ...(name === undefined ? {} : { name }) };
  }
}
