import { FIRST_INNER_LANDMARK, LANDMARKS } from '../src/perception/landmarks/dlib_landmarks.js';
import { eyeDistance, type Landmarks68 } from '../src/perception/landmarks/landmarks68.js';
import { landmarkError } from './ground_truth.js';
import { median } from './median.js';

/** What an extractor made of an image whose landmarks are known. */
export interface Placement {
  readonly file: string;
  readonly truth: Landmarks68;
  /** null where it missed the face. */
  readonly found: Landmarks68 | null;
  readonly milliseconds: number;
}

/** How near found landmarks are to the true ones, over the distance of the outer eye corners. */
export interface ErrorReport {
  readonly images: number;
  readonly missed: number;
  /** Mean over the faces that were found. */
  readonly error: number;
  readonly median_error: number;
  /** Without the jaw: points 17 to 67. */
  readonly inner_error: number;
  /** Once the mean offset of each point is taken away: extractors differ in what they call a point. */
  readonly error_without_offset: number;
  /** From decoded pixels to the landmarks of a still, median. */
  readonly ms_per_still: number;
}

/** The figures of one extractor. */
export function reportErrors(placements: readonly Placement[]): ErrorReport {
  const faces = placements.flatMap(({ truth, found }) => (found ? [{ truth, found }] : []));
  const errors = faces.map(({ truth, found }) => landmarkError(found, truth));
  const differences = faces.map(({ truth, found }) => faceDifferences(found, truth));
  const offsets = meanOf(differences);
  const pointError = (difference: Float32Array, point: number, offset: Float32Array) =>
    Math.hypot(difference[2 * point]! - offset[2 * point]!, difference[2 * point + 1]! - offset[2 * point + 1]!);
  const meanError = (first: number, offset: Float32Array) =>
    mean(
      differences.map((difference) =>
        mean(Array.from({ length: LANDMARKS - first }, (_, i) => pointError(difference, first + i, offset))),
      ),
    );
  const none = new Float32Array(2 * LANDMARKS);
  return {
    images: placements.length,
    missed: placements.length - faces.length,
    error: rounded(mean(errors), 4),
    median_error: rounded(median(errors), 4),
    inner_error: rounded(meanError(FIRST_INNER_LANDMARK, none), 4),
    error_without_offset: rounded(meanError(0, offsets), 4),
    ms_per_still: rounded(median(placements.map(({ milliseconds }) => milliseconds)), 2),
  };
}

/** found - truth for each point, along the axes of the true face and over the distance of its outer eye corners. */
function faceDifferences(found: Landmarks68, truth: Landmarks68): Float32Array {
  const eyes = eyeDistance(truth);
  const cos = (truth[90]! - truth[72]!) / eyes;
  const sin = (truth[91]! - truth[73]!) / eyes;
  const differences = new Float32Array(2 * LANDMARKS);
  for (let at = 0; at < 2 * LANDMARKS; at += 2) {
    const dx = found[at]! - truth[at]!;
    const dy = found[at + 1]! - truth[at + 1]!;
    differences[at] = (cos * dx + sin * dy) / eyes;
    differences[at + 1] = (cos * dy - sin * dx) / eyes;
  }
  return differences;
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: 2 * LANDMARKS }, (_, at) => mean(rows.map((row) => row[at]!)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
