import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { parseOptions } from '../../options.js';

/** The options of a OneEuroFilter; speeds are in face sizes a second, so images of any size are filtered alike. */
export const oneEuroFilterSchema = z.strictObject({
  /** Hertz: the cut-off for points at rest; lower is steadier and slower. */
  minCutoff: z.number().positive().default(1),
  /** Hertz more for each face size a second that a point moves. */
  beta: z.number().min(0).default(10),
  /** Hertz: the cut-off for the speed itself. */
  speedCutoff: z.number().positive().default(1),
});

/** The options of a OneEuroFilter, those with a default left out at will. */
export type OneEuroFilterOptions = z.input<typeof oneEuroFilterSchema>;

/**
 * The One Euro filter (Casiez, Roussel and Vogel, CHI 2012) for the points of one face: a low-pass whose cut-off rises
 * with a point's speed, so that points at rest are steady and moving ones are hardly late.
 */
export class OneEuroFilter {
  readonly #options: z.output<typeof oneEuroFilterSchema>;
  readonly #dimensions: number;
  #stampSeconds = 0;
  #values: Float32Array | undefined;
  #speeds = new Float32Array();

  /**
   * @param dimensions numbers of a point: 2 or 3
   * @throws InvalidInputError for unknown or invalid options
   */
  constructor(dimensions: number, options: OneEuroFilterOptions = {}) {
    this.#dimensions = dimensions;
    this.#options = parseOptions(oneEuroFilterSchema, options, 'the options of OneEuroFilter');
  }

  /**
   * The next points, filtered. A stamp that is not later than the last one starts anew.
   *
   * @param points (n, dimensions) flat, pixels; @param faceSize pixels, such as the side of the face's box
   * @throws InvalidInputError when the stamp or the size is not finite, or the size is not above 0
   */
  filter(points: Float32Array, stampSeconds: number, faceSize: number): Float32Array {
    if (!Number.isFinite(stampSeconds)) {
      throw new InvalidInputError('stampSeconds', stampSeconds, 'a finite number', 'OneEuroFilter.filter');
    }
    if (!(faceSize > 0 && Number.isFinite(faceSize))) {
      throw new InvalidInputError('faceSize', faceSize, 'a number above 0', 'OneEuroFilter.filter');
    }
    const elapsed = stampSeconds - this.#stampSeconds;
    this.#stampSeconds = stampSeconds;
    const last = this.#values;
    if (!last || last.length !== points.length || elapsed <= 0) {
      this.#speeds = new Float32Array(points.length);
      this.#values = points.slice();
      return points.slice();
    }
    const { minCutoff, beta, speedCutoff } = this.#options;
    const speedGain = smoothing(speedCutoff, elapsed);
    const filtered = new Float32Array(points.length);
    for (let start = 0; start < points.length; start += this.#dimensions) {
      let square = 0;
      for (let at = start; at < start + this.#dimensions; at++) {
        const speed = (points[at]! - last[at]!) / elapsed / faceSize;
        this.#speeds[at]! += speedGain * (speed - this.#speeds[at]!);
        square += this.#speeds[at]! ** 2;
      }
      const gain = smoothing(minCutoff + beta * Math.sqrt(square), elapsed);
      for (let at = start; at < start + this.#dimensions; at++) {
        filtered[at] = last[at]! + gain * (points[at]! - last[at]!);
      }
    }
    this.#values = filtered;
    return filtered.slice();
  }
}

/** How much of the difference to a new value a low-pass takes over after a time in seconds; the cut-off is in hertz. */
function smoothing(cutoff: number, elapsedSeconds: number): number {
  const ratio = 2 * Math.PI * cutoff * elapsedSeconds;
  return ratio / (ratio + 1);
}
