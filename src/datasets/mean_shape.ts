import type { SampleSource } from '../learner/samples.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { OUTER_EYE_CORNERS } from '../perception/landmarks/landmarks68.js';
import { pointsOf } from './landmark_samples.js';
import { landmarkShape } from './sample_augmentation.js';

/**
 * The mean of the samples' first frames, each shifted and scaled to its eyes' outer corners: large faces do not count
 * more than small ones.
 *
 * @returns (V, 2), flat, in units of the distance of the eyes' outer corners
 * @throws InvalidInputError where the samples are no landmarks
 */
export async function meanShape(source: SampleSource, origin: string): Promise<Float64Array> {
  const { frames, points } = landmarkShape(source.dims, origin);
  const vertices = pointsOf(points);
  const [right, left] = OUTER_EYE_CORNERS.map((corner) => corner - (LANDMARKS - vertices)) as [number, number];
  const sample = new Float32Array(2 * frames * vertices);
  const mean = new Float64Array(2 * vertices);
  let count = 0;
  for (let index = 0; index < source.count; index++) {
    await source.gather([index], sample);
    const x = sample.subarray(0, vertices);
    const y = sample.subarray(frames * vertices, (frames + 1) * vertices);
    const size = Math.hypot(x[left]! - x[right]!, y[left]! - y[right]!);
    if (!(size > 0)) continue;
    const [cx, cy] = [(x[left]! + x[right]!) / 2, (y[left]! + y[right]!) / 2];
    count++;
    for (let point = 0; point < vertices; point++) {
      mean[2 * point] = mean[2 * point]! + ((x[point]! - cx) / size - mean[2 * point]!) / count;
      mean[2 * point + 1] = mean[2 * point + 1]! + ((y[point]! - cy) / size - mean[2 * point + 1]!) / count;
    }
  }
  return mean;
}
