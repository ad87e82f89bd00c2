import type { Samples } from '../../src/learner/samples.js';
import { normalValues } from './networks.js';

/** T and V of the samples of `directions`. */
export const DIRECTION_FRAMES = 3;
export const DIRECTION_POINTS = 6;
export const DIRECTION_CLASSES = ['left', 'right', 'up'] as const;

/** Noise with a shift of all points that grows with time in the direction of the class: (count, 2, 3, 6, 1). */
export function directions(count: number, seed: number): Samples {
  const size = 2 * DIRECTION_FRAMES * DIRECTION_POINTS;
  const data = normalValues(count * size, seed).map((value) => 0.3 * value);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const shifts = [
    [-1, 0],
    [1, 0],
    [0, 1],
  ];
  for (let i = 0; i < data.length; i++) {
    const [sample, coordinate, frame] = [
      Math.floor(i / size),
      Math.floor(i / (DIRECTION_FRAMES * DIRECTION_POINTS)) % 2,
      Math.floor(i / DIRECTION_POINTS) % DIRECTION_FRAMES,
    ];
    data[i] = data[i]! + (shifts[labels[sample]!]![coordinate]! * frame) / 2;
  }
  return { data, labels, count };
}
