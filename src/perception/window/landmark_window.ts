import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';
import { LANDMARKS } from '../landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { LONGEST_GAP_SECONDS } from './longest_gap.js';

/** The options of a LandmarkWindow. */
export const landmarkWindowSchema = z.strictObject({
  /** How old the oldest landmarks that resample is asked for can be; what is older is forgotten. */
  longestAgeSeconds: z.number().min(0),
  /** Between landmarks further apart than this nothing is interpolated: the window starts anew. */
  maxGapSeconds: z.number().positive().default(LONGEST_GAP_SECONDS),
});

/** The options of a LandmarkWindow, those with a default left out at will. */
export type LandmarkWindowOptions = z.input<typeof landmarkWindowSchema>;

/** Landmarks of one face at set ages. */
export interface ResampledLandmarks {
  /** (T, 68, 2) pixels, in the order of the ages asked for. */
  readonly landmarks: Float32Array;
  /** The stamp of the oldest landmarks, seconds. */
  readonly startSeconds: number;
  /** The stamp of the newest landmarks, seconds. */
  readonly endSeconds: number;
}

interface Sample {
  readonly stampSeconds: number;
  readonly landmarks: Landmarks68;
}

const VALUES = LANDMARKS * 2;

/**
 * The recent landmarks of one tracked face, resampled by their stamps: whatever the camera's rate and however many
 * images were dropped, a network sees the face at the ages that it was trained on. Bounded: holds little more than the
 * longest age.
 */
export class LandmarkWindow {
  readonly #options: z.output<typeof landmarkWindowSchema>;
  #samples: Sample[] = [];

  /** @throws InvalidInputError for unknown or invalid options */
  constructor(options: LandmarkWindowOptions) {
    this.#options = parseOptions(landmarkWindowSchema, options, 'the options of LandmarkWindow');
  }

  /** How many sets of landmarks are held. */
  get length(): number {
    return this.#samples.length;
  }

  /** Seconds from the oldest to the newest landmarks held; 0 when there are fewer than two. */
  get spanSeconds(): number {
    const newest = this.#samples.at(-1);
    return newest ? newest.stampSeconds - this.#samples[0]!.stampSeconds : 0;
  }

  /**
   * Adds the landmarks of the next image. The same stamp again replaces the newest ones; a stamp that goes back (a
   * recording that starts over) and a gap longer than maxGapSeconds start the window anew.
   *
   * @param landmarks (68, 2) pixels; kept, not copied
   * @throws InvalidInputError when the stamp is not finite or there are not 136 values
   */
  push(stampSeconds: number, landmarks: Landmarks68): void {
    if (!Number.isFinite(stampSeconds)) {
      throw new InvalidInputError('stampSeconds', stampSeconds, 'a finite number', 'LandmarkWindow.push');
    }
    if (landmarks.length !== VALUES) {
      throw new InvalidInputError('landmarks', landmarks.length, `${VALUES} values`, 'LandmarkWindow.push');
    }
    const newest = this.#samples.at(-1);
    if (newest) {
      const step = stampSeconds - newest.stampSeconds;
      if (step === 0) this.#samples.pop();
      else if (step < 0 || step > this.#options.maxGapSeconds) this.#samples = [];
    }
    this.#samples.push({ stampSeconds, landmarks });
    // The newest sample that is old enough has to stay, since the longest age may fall right behind it.
    const oldestNeeded = stampSeconds - this.#options.longestAgeSeconds;
    let dispensable = 0;
    while ((this.#samples[dispensable + 1]?.stampSeconds ?? Infinity) <= oldestNeeded) dispensable++;
    if (dispensable > 0) this.#samples.splice(0, dispensable);
  }

  /**
   * The landmarks at the newest stamp minus each age, interpolated linearly between neighbouring images.
   *
   * The window is full when it spans the largest age, or lacks no more than the mean time between its images (then the
   * oldest landmarks stand for those just before them).
   *
   * @param agesSeconds at least 0 and at most longestAgeSeconds each, in any order
   * @returns null while the window is not full
   * @throws InvalidInputError when an age is out of range
   */
  resample(agesSeconds: readonly number[]): ResampledLandmarks | null {
    let largest = 0;
    for (const age of agesSeconds) {
      if (!(age >= 0 && age <= this.#options.longestAgeSeconds)) {
        const expected = `0 to ${this.#options.longestAgeSeconds} s`;
        throw new InvalidInputError('agesSeconds', age, expected, 'LandmarkWindow.resample');
      }
      if (age > largest) largest = age;
    }
    const newest = this.#samples.at(-1);
    if (!newest) return null;
    const span = this.spanSeconds;
    const meanStep = span / Math.max(1, this.#samples.length - 1);
    if (largest > 0 && (span === 0 || span < largest - meanStep)) return null;
    const result = new Float32Array(agesSeconds.length * VALUES);
    agesSeconds.forEach((age, index) => {
      this.#interpolate(newest.stampSeconds - age, result.subarray(index * VALUES, (index + 1) * VALUES));
    });
    const startSeconds = Math.max(newest.stampSeconds - largest, this.#samples[0]!.stampSeconds);
    return { landmarks: result, startSeconds, endSeconds: newest.stampSeconds };
  }

  /** Writes the landmarks at a stamp; before the oldest, the oldest. */
  #interpolate(stampSeconds: number, target: Float32Array): void {
    let after = this.#samples.length - 1;
    while (after > 0 && this.#samples[after - 1]!.stampSeconds >= stampSeconds) after--;
    const upper = this.#samples[after]!;
    const lower = this.#samples[after - 1];
    if (!lower) {
      target.set(upper.landmarks);
      return;
    }
    const part = (stampSeconds - lower.stampSeconds) / (upper.stampSeconds - lower.stampSeconds);
    for (let value = 0; value < VALUES; value++) {
      const from = lower.landmarks[value]!;
      target[value] = from + part * (upper.landmarks[value]! - from);
    }
  }
}
