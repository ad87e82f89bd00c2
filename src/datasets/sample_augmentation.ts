import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import type { SeededRandom } from '../learner/random/seeded_random.js';
import { LANDMARKS, MIRRORED_LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { OUTER_EYE_CORNERS } from '../perception/landmarks/landmarks68.js';
import { noseBaseOf, pointsOf, type SamplePoints } from './landmark_samples.js';
import { LARGEST_WARP, warpedTime } from './warped_time.js';

/** How copies of samples of landmarks are changed; 0 turns a change off. */
export const sampleAugmentationSchema = z.strictObject({
  /** Rounds of copies: each gives one with noise, one that is turned, and the mirror image of both. */
  rounds: z.int().min(0).default(3),
  /** Standard deviation of the noise of each coordinate, over the distance of the eyes' outer corners. */
  noise: z.number().min(0).default(0.03),
  /** Radians: a sample is turned by an angle of its own, uniform between minus this and this. */
  rotation: z
    .number()
    .min(0)
    .default(Math.PI / 10),
  /** A copy's size is multiplied by a number that is uniform between 1 minus this and 1 plus this. */
  scale: z.number().min(0).max(0.9).default(0),
  /** How far time runs ahead or behind in the middle of a copy, at most, as a share of its length. */
  warp: z.number().min(0).max(LARGEST_WARP).default(0),
});

export type SampleAugmentation = z.output<typeof sampleAugmentationSchema>;

/** (C, T, V, M) of samples of landmarks. */
export interface LandmarkShape {
  readonly frames: number;
  readonly points: SamplePoints;
}

/**
 * What the dimensions of samples say, where they are landmarks.
 *
 * @param dims (C, T, V, M)
 * @throws InvalidInputError for other samples, such as muscles
 */
export function landmarkShape(dims: readonly number[], origin: string): LandmarkShape {
  const [channels, frames, vertices, faces] = dims;
  const points = (['inner', 'all'] as const).find((name) => pointsOf(name) === vertices);
  if (channels !== 2 || points === undefined || faces !== 1) {
    throw new InvalidInputError('the shape of a sample', dims, '(2, T, 51, 1) or (2, T, 68, 1), of landmarks', origin);
  }
  return { frames: frames!, points };
}

/** A copy of a sample, and what is put behind the sample's name. */
export interface SampleCopy {
  readonly suffix: string;
  /** (2, T, V, 1), flat. */
  readonly data: Float32Array;
}

/** Copies that are made of each sample, itself among them. */
export function copyCount({ rounds }: Pick<SampleAugmentation, 'rounds'>): number {
  return 2 + 4 * rounds;
}

/** A sample, its mirror image, and in each round a copy with noise, one that is turned, and the mirror images of both. */
export function* sampleCopies(
  sample: Float32Array,
  shape: LandmarkShape,
  augmentation: SampleAugmentation,
  random: SeededRandom,
): Generator<SampleCopy> {
  const mirrored = (data: Float32Array) => mirrorSample(data, shape);
  yield { suffix: '', data: sample };
  yield { suffix: '_mirrored', data: mirrored(sample) };
  for (let round = 1; round <= augmentation.rounds; round++) {
    for (const [name, only] of [
      ['noise', { rotation: 0 }],
      ['turned', { noise: 0 }],
    ] as const) {
      const data = changedSample(sample, shape, { ...augmentation, ...only }, random);
      yield { suffix: `_${name}${round}`, data };
      yield { suffix: `_${name}${round}_mirrored`, data: mirrored(data) };
    }
  }
}

/** A copy of a sample with all changes that are not 0: time, size, angle and noise. */
export function changedSample(
  sample: Float32Array,
  shape: LandmarkShape,
  { noise, rotation, scale, warp }: Omit<SampleAugmentation, 'rounds'>,
  random: SeededRandom,
): Float32Array {
  const within = (most: number) => most * (2 * random.uniform() - 1);
  const result = warp > 0 ? warpTime(sample, shape, within(warp)) : sample.slice();
  const size = scale > 0 ? 1 + within(scale) : 1;
  if (rotation > 0 || size !== 1) turnSample(result, shape, rotation > 0 ? within(rotation) : 0, size);
  if (noise > 0) {
    const deviation = noise * eyeDistanceOf(result, shape);
    for (let i = 0; i < result.length; i++) result[i] = result[i]! + deviation * random.normal();
  }
  return result;
}

/**
 * The sample as a mirror shows it, about the upright line through the point below the nose in its first frame: left landmarks
 * are exchanged with right ones.
 */
export function mirrorSample(sample: Float32Array, { frames, points }: LandmarkShape): Float32Array {
  const vertices = pointsOf(points);
  const first = LANDMARKS - vertices;
  const axis = 2 * sample[noseBaseOf(points)]!;
  const result = new Float32Array(sample.length);
  for (let row = 0; row < 2 * frames; row++) {
    for (let point = 0; point < vertices; point++) {
      const value = sample[row * vertices + MIRRORED_LANDMARKS[first + point]! - first]!;
      result[row * vertices + point] = row < frames ? axis - value : value;
    }
  }
  return result;
}

/** Turns and scales a sample in place, about the point below the nose in its first frame. @param angle in radians */
function turnSample(sample: Float32Array, { frames, points }: LandmarkShape, angle: number, size: number): void {
  const half = frames * pointsOf(points);
  const [cx, cy] = [sample[noseBaseOf(points)]!, sample[half + noseBaseOf(points)]!];
  const [cos, sin] = [size * Math.cos(angle), size * Math.sin(angle)];
  for (let i = 0; i < half; i++) {
    const x = sample[i]! - cx;
    const y = sample[half + i]! - cy;
    sample[i] = cx + cos * x - sin * y;
    sample[half + i] = cy + sin * x + cos * y;
  }
}

/** A sample whose time runs unevenly, as warpedTime says. */
export function warpTime(sample: Float32Array, { frames, points }: LandmarkShape, amount: number): Float32Array {
  const vertices = pointsOf(points);
  const result = new Float32Array(sample.length);
  for (let frame = 0; frame < frames; frame++) {
    const { before, part } = warpedTime(frame, frames, amount);
    for (let axis = 0; axis < 2; axis++) {
      for (let point = 0; point < vertices; point++) {
        const at = (axis * frames + before) * vertices + point;
        const from = sample[at]!;
        const to = part === 0 ? from : sample[at + vertices]!;
        result[(axis * frames + frame) * vertices + point] = from + part * (to - from);
      }
    }
  }
  return result;
}

/** Of the first frame, in the sample's unit. */
function eyeDistanceOf(sample: Float32Array, { frames, points }: LandmarkShape): number {
  const vertices = pointsOf(points);
  const [right, left] = OUTER_EYE_CORNERS.map((corner) => corner - (LANDMARKS - vertices)) as [number, number];
  const y = frames * vertices;
  return Math.hypot(sample[left]! - sample[right]!, sample[y + left]! - sample[y + right]!);
}
