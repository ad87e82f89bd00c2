import { drawKeepMask } from '../network/dropout_masks.js';
import type { SeededRandom } from '../random/seeded_random.js';
import type { MaskInput } from './lowering.js';
import { type FeedTensor, maskTensor } from './session.js';

/**
 * Draws fresh dropout masks (C, T, F, V) for the inputs of a graph.
 *
 * @param points V
 * @param faces F: samples x faces a sample (x Monte Carlo repeats)
 */
export function drawDropoutMasks(
  inputs: readonly MaskInput[],
  points: number,
  faces: number,
  random: SeededRandom,
): Record<string, FeedTensor> {
  return Object.fromEntries(
    inputs.map((input) => {
      const { values, dims } = drawKeepMask(input, points, faces, random);
      return [input.name, maskTensor(values, dims)];
    }),
  );
}
