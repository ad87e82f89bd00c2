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
    inputs.map(({ name, rate, channels, frames }) => {
      const mask = new Uint8Array(channels * frames * faces * points);
      random.fillKeepMask(mask, rate);
      return [name, maskTensor(mask, [channels, frames, faces, points])];
    }),
  );
}
