import { z } from 'zod';
import type { SeededRandom } from '../learner/random/seeded_random.js';
import type { Samples } from '../learner/samples.js';
import { LANDMARKS, MIRRORED_LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { eyeDistance } from '../perception/landmarks/landmarks68.js';
import { LARGEST_WARP, warpedTime } from './warped_time.js';

const fraction = z.number().min(0).max(1);

/**
 * Random changes of training windows. Lengths are in units of the distance between the eyes' outer corners, and
 * standard deviations where nothing else is said; 0 turns a change off.
 */
export const augmentationSchema = z.strictObject({
  /** Probability of mirroring. */
  mirror: fraction.default(0.5),
  /**
   * Noise of every landmark in every frame: what an extractor's trembling does. Each window draws its own level, uniform
   * from 0 to this.
   */
  jitter: fraction.default(0),
  /** Shift of every landmark that stays for the window: what another extractor's idea of a landmark does. */
  offset: fraction.default(0),
  /** Change of width, height and shear from frame to frame: what a head that turns does. */
  turn: fraction.default(0),
  /** How far time runs ahead or behind in the middle of the window, at most, as a share of its length: frames go between theirs. */
  warp: z.number().min(0).max(LARGEST_WARP).default(0),
  /** Relative change of the strength of the expression: displacements from the first frame are scaled by 1 + N(0, x). */
  strength: fraction.default(0),
  /**
   * How far each sample may be moved towards another one of its class: a share of the way that is uniform from 0 to this
   * (Chawla et al. 2002, "SMOTE", without its neighbourhoods).
   */
  blend: fraction.default(0),
});

export type Augmentation = z.output<typeof augmentationSchema>;

const SIZE = 2 * LANDMARKS;

/**
 * An augmented copy of a window.
 *
 * @param window landmarks (frames, 68, 2), flat, in any unit
 */
export function augmentWindow(window: Float32Array, augmentation: Augmentation, random: SeededRandom): Float32Array {
  const result = random.uniform() < augmentation.mirror ? mirrorWindow(window) : window.slice();
  const unit = eyeDistance(result);
  if (augmentation.warp > 0) warpFrames(result, augmentation.warp * (2 * random.uniform() - 1));
  if (augmentation.strength > 0) {
    scaleFrom(result.subarray(SIZE), result.subarray(0, SIZE), 1 + augmentation.strength * random.normal());
  }
  if (augmentation.turn > 0) {
    for (let frame = 0; frame < result.length; frame += SIZE) {
      turnFaces(result.subarray(frame, frame + SIZE), augmentation.turn, random);
    }
  }
  if (augmentation.offset > 0) addOffset(result, augmentation.offset * unit, random);
  if (augmentation.jitter > 0) addJitter(result, augmentation.jitter * unit * random.uniform(), random);
  return result;
}

/** Moves each sample (C, T, V, M) towards another one of its class, by a random share up to `blend`. */
export function blendWithinClasses({ data, labels, count }: Samples, blend: number, random: SeededRandom): void {
  const size = data.length / count;
  const original = data.slice();
  const byClass = new Map<number, number[]>();
  labels.forEach((label, sample) => {
    const others = byClass.get(label);
    if (others === undefined) byClass.set(label, [sample]);
    else others.push(sample);
  });
  for (let sample = 0; sample < count; sample++) {
    const others = byClass.get(labels[sample]!)!;
    const other = others[random.below(others.length)]! * size;
    const share = blend * random.uniform();
    for (let i = 0; i < size; i++) {
      const here = original[sample * size + i]!;
      data[sample * size + i] = here + share * (original[other + i]! - here);
    }
  }
}

/** The window as a mirror shows it: x negated, and left landmarks exchanged with right ones. */
export function mirrorWindow(window: Float32Array): Float32Array {
  const result = new Float32Array(window.length);
  for (let frame = 0; frame < window.length; frame += SIZE) {
    MIRRORED_LANDMARKS.forEach((source, target) => {
      result[frame + 2 * target] = -window[frame + 2 * source]!;
      result[frame + 2 * target + 1] = window[frame + 2 * source + 1]!;
    });
  }
  return result;
}

/** Frames (T, 68, 2) in time that runs unevenly, as warpedTime says, in place. */
export function warpFrames(window: Float32Array, amount: number): void {
  const original = window.slice();
  const frames = window.length / SIZE;
  for (let frame = 0; frame < frames; frame++) {
    const { before, part } = warpedTime(frame, frames, amount);
    const from = before * SIZE;
    const to = part === 0 ? from : from + SIZE;
    for (let i = 0; i < SIZE; i++) {
      window[frame * SIZE + i] = original[from + i]! + part * (original[to + i]! - original[from + i]!);
    }
  }
}

/** Moves frames (T, 68, 2) away from a face (factor above 1) or towards it, in place. */
export function scaleFrom(frames: Float32Array, face: Float32Array, factor: number): void {
  for (let i = 0; i < frames.length; i++) {
    const start = face[i % SIZE]!;
    frames[i] = start + factor * (frames[i]! - start);
  }
}

/**
 * The same shift of each landmark in all frames (T, 68, 2), in place.
 *
 * @param standardDeviation in the frames' unit
 * @returns the shift (68, 2)
 */
export function addOffset(frames: Float32Array, standardDeviation: number, random: SeededRandom): Float32Array {
  const offset = Float32Array.from({ length: SIZE }, () => standardDeviation * random.normal());
  for (let i = 0; i < frames.length; i++) frames[i] = frames[i]! + offset[i % SIZE]!;
  return offset;
}

/** Noise of every landmark in every frame, in place. @param standardDeviation in the frames' unit */
export function addJitter(frames: Float32Array, standardDeviation: number, random: SeededRandom): void {
  for (let i = 0; i < frames.length; i++) frames[i] = frames[i]! + standardDeviation * random.normal();
}

/** The same small random linear map of each face (68, 2), about its own centre, in place. */
export function turnFaces(faces: Float32Array, standardDeviation: number, random: SeededRandom): void {
  const [xx, xy, yx, yy] = [0, 1, 2, 3].map(() => standardDeviation * random.normal()) as [
    number,
    number,
    number,
    number,
  ];
  for (let face = 0; face < faces.length; face += SIZE) {
    let cx = 0;
    let cy = 0;
    for (let i = 0; i < SIZE; i += 2) {
      cx += faces[face + i]! / LANDMARKS;
      cy += faces[face + i + 1]! / LANDMARKS;
    }
    for (let i = face; i < face + SIZE; i += 2) {
      const x = faces[i]! - cx;
      const y = faces[i + 1]! - cy;
      faces[i] = faces[i]! + xx * x + xy * y;
      faces[i + 1] = faces[i + 1]! + yx * x + yy * y;
    }
  }
}
