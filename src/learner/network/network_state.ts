import { SeededRandom } from '../random/seeded_random.js';
import type { NetworkShape } from './network_shape.js';
import { ParameterLayout } from './parameter_layout.js';

/** Added to a batch normalization's variance before the root: PyTorch's default. */
export const BATCH_NORM_EPSILON = 1e-5;

/** Everything that a network has learned: its parameters and the running statistics of its batch normalizations. */
export interface NetworkState {
  readonly layout: ParameterLayout;
  /** All trained parameters, flat, as `layout` places them. */
  readonly parameters: Float32Array;
  /** Running means and variances (unbiased), flat. */
  readonly statistics: Float32Array;
  /** Training batches that the statistics have seen: PyTorch's num_batches_tracked. */
  batchesTracked: number;
}

/** Share of a training batch's statistics in the running ones: PyTorch's momentum. */
export const STATISTICS_MOMENTUM = 0.1;

/** A network as it is before training; the same seed gives the same one. */
export function initialiseNetwork(shape: NetworkShape, seed: number): NetworkState {
  const layout = new ParameterLayout(shape);
  const parameters = new Float32Array(layout.parameterCount);
  const random = new SeededRandom(seed);
  for (const { offset, length, initialisation } of layout.parameters) {
    if (initialisation.kind === 'constant') parameters.fill(initialisation.value, offset, offset + length);
    else for (let i = 0; i < length; i++) parameters[offset + i] = initialisation.standardDeviation * random.normal();
  }
  return { layout, parameters, statistics: initialStatistics(layout), batchesTracked: 0 };
}

/** Means 0 and variances 1. */
function initialStatistics(layout: ParameterLayout): Float32Array {
  const statistics = new Float32Array(layout.statisticsCount);
  for (const { offset, length } of layout.statistics) statistics.fill(1, offset + length, offset + 2 * length);
  return statistics;
}
