import type { SeededRandom } from '../random/seeded_random.js';
import { framesAfter, layerShapes, type NetworkShape } from './network_shape.js';

/** What a dropout mask is for: the input of one layer, (C, T, F, V). */
export interface DropoutMaskShape {
  /** Probability of a 0. */
  readonly rate: number;
  readonly channels: number;
  readonly frames: number;
}

/** A dropout mask. */
export interface KeepMask {
  /** 1 keeps an element, 0 drops it. */
  readonly values: Uint8Array;
  /** (C, T, F, V). */
  readonly dims: readonly [number, number, number, number];
}

/** Elements of the widest layer's mask in one Monte Carlo run; larger requests are split into runs of fewer repeats. */
const MASK_ELEMENTS_PER_RUN = 2 ** 19;

/**
 * The dropout masks that a network takes, in the order of its layers.
 *
 * @param frames T of the samples
 */
export function dropoutMaskShapes(shape: NetworkShape, frames: number): DropoutMaskShape[] {
  if (shape.dropoutRate === 0) return [];
  let left = frames;
  return layerShapes(shape).map(({ inChannels, stride }) => {
    const mask = { rate: shape.dropoutRate, channels: inChannels, frames: left };
    left = framesAfter(left, stride);
    return mask;
  });
}

/**
 * Draws a fresh mask. Engines that draw a network's masks in the order of its layers answer alike for the same seed.
 *
 * @param points V
 * @param faces F: samples x faces a sample (x Monte Carlo repeats, repeats outermost)
 */
export function drawKeepMask(
  { rate, channels, frames }: DropoutMaskShape,
  points: number,
  faces: number,
  random: SeededRandom,
): KeepMask {
  const values = new Uint8Array(channels * frames * faces * points);
  random.fillKeepMask(values, rate);
  return { values, dims: [channels, frames, faces, points] };
}

/** Some of the Monte Carlo repeats, which are drawn and run together. */
export interface MonteCarloRun {
  /** The first repeat, counted from 0. */
  readonly start: number;
  readonly repeats: number;
}

/**
 * The runs that Monte Carlo repeats are split into. Masks are drawn run by run, so that this split is part of what a seed
 * means: every engine goes by it.
 *
 * @param points V
 * @param faces samples x faces a sample
 */
export function monteCarloRuns(
  masks: readonly DropoutMaskShape[],
  points: number,
  faces: number,
  repeats: number,
): MonteCarloRun[] {
  const perRun = repeatsPerRun(masks, points, faces);
  return Array.from({ length: Math.ceil(repeats / perRun) }, (_, run) => {
    const start = run * perRun;
    return { start, repeats: Math.min(perRun, repeats - start) };
  });
}

/** How many repeats go into one run, at least 1. */
function repeatsPerRun(masks: readonly DropoutMaskShape[], points: number, faces: number): number {
  const widest = Math.max(1, ...masks.map(({ channels, frames }) => channels * frames * points));
  return Math.max(1, Math.floor(MASK_ELEMENTS_PER_RUN / (widest * faces)));
}
