import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { delaunayMuscles, type MuscleEdges, type Muscles } from '../perception/window/muscles.js';
import { noseBaseOf, pointsOf, type SamplePoints } from './landmark_samples.js';

/** The muscles that a recipe's window chooses, as features have them: none, or those of the mean face (68, 2). */
export function chosenMuscles(
  { muscles, points }: { readonly muscles: MuscleEdges | 'none'; readonly points: SamplePoints },
  meanFace: readonly number[],
): { muscles?: Muscles } {
  if (muscles === 'none') return {};
  const shape = meanFace.slice(2 * (LANDMARKS - pointsOf(points)));
  return { muscles: delaunayMuscles(shape, noseBaseOf(points), muscles) };
}
