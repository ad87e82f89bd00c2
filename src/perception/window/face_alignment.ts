import { FIRST_INNER_LANDMARK, LANDMARKS, STEADY_LANDMARKS } from '../landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { applySimilarity, fitSimilarity } from './similarity_transform.js';
import type { WindowFeatures } from './window_features.js';

/** Values of a face (68, 2). */
const FACE = 2 * LANDMARKS;

/** Brings faces to the place, size and tilt of a mean face: whatever is compared with each other is aligned by it. */
export class FaceAlignment {
  readonly #meanFace: Float32Array;
  readonly #points: readonly number[];

  constructor({ mean_face, alignment, points }: Pick<WindowFeatures, 'mean_face' | 'alignment' | 'points'>) {
    this.#meanFace = Float32Array.from(mean_face);
    this.#points = alignmentPoints(alignment, points);
  }

  /**
   * The face turned, scaled and shifted so that its alignment points come nearest to those of the mean face.
   *
   * @param face (68, 2), flat, in any unit
   * @param target (68, 2): where it is written, in the mean face's units (the eyes' outer corners 1 apart); may be `face`
   */
  align(face: Landmarks68, target: Float32Array = new Float32Array(FACE)): Float32Array {
    applySimilarity(fitSimilarity(face, this.#meanFace, this.#points), face, 0, target, 0, LANDMARKS);
    return target;
  }
}

function alignmentPoints(alignment: WindowFeatures['alignment'], points: WindowFeatures['points']): readonly number[] {
  if (alignment === 'steady') return STEADY_LANDMARKS;
  const first = alignment === 'all' && points === 'all' ? 0 : FIRST_INNER_LANDMARK;
  return Array.from({ length: LANDMARKS - first }, (_, i) => first + i);
}
