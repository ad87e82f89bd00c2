import { type InferenceParams, inferenceParamsSchema } from '../../src/learner/checkpoint/metadata.js';
import type { NetworkShape } from '../../src/learner/network/network_shape.js';
import { initialiseNetwork, type NetworkState } from '../../src/learner/network/network_state.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';

/** A small network's shape; what a test is about is overridden. */
export function smallShape(overrides: Partial<NetworkShape> = {}): NetworkShape {
  return {
    topology: [2, 1, 2],
    blockSize: 3,
    inChannels: 2,
    numPoint: 7,
    numPerson: 1,
    numClass: 4,
    classOfOutput: [],
    dropoutRate: 0.2,
    ...overrides,
  };
}

/** The metadata of a network of four classes, with names beyond ASCII; what a test is about is overridden. */
export function testParams(shape: NetworkShape, overrides: Partial<InferenceParams> = {}): InferenceParams {
  return inferenceParamsSchema.parse({
    classes: ['Glück', 'Wut', 'Angst', 'Ekel'],
    block_size: shape.blockSize,
    topology: shape.topology,
    in_channels: shape.inChannels,
    num_frames: 5,
    num_point: shape.numPoint,
    num_person: shape.numPerson,
    dataset_name: 'test',
    dropout_rate: shape.dropoutRate,
    ...overrides,
  });
}

/**
 * A network all of whose tensors are far from their initial constants, as after training: differences in any of them
 * then show in the logits (at initialisation the graphs of 1e-6 hide most).
 */
export function trainedLookingNetwork(shape: NetworkShape, seed: number): NetworkState {
  const state = initialiseNetwork(shape, seed);
  const random = new SeededRandom(seed, 1);
  const { parameters, statistics, layout } = state;
  for (let i = 0; i < parameters.length; i++) parameters[i] = parameters[i]! + 0.3 * random.normal();
  for (const { offset, length } of layout.statistics) {
    for (let i = 0; i < length; i++) {
      statistics[offset + i] = 0.2 * random.normal();
      statistics[offset + length + i] = 0.5 + random.uniform();
    }
  }
  state.batchesTracked = 17;
  return state;
}

export function normalValues(length: number, seed: number): Float32Array {
  const random = new SeededRandom(seed, 2);
  return Float32Array.from({ length }, () => random.normal());
}

/** The largest absolute difference between two vectors, relative to the largest absolute value of the second. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new RangeError(`lengths differ: ${actual.length} and ${expected.length}`);
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
    if (Number.isNaN(actual[i])) return Number.NaN;
  }
  return difference / scale;
}
