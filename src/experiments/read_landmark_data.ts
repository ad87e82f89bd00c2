import { readLandmarkSources } from '../datasets/landmark_sources.js';
import { readLandmarkTree } from '../datasets/landmark_tree.js';
import type { LandmarkData } from './landmark_data.js';
import type { LandmarkRecipe } from './recipe.js';
import { SequenceData } from './sequence_data.js';
import { SourceData } from './source_data.js';

/**
 * The landmarks that a recipe names: its `sources`, or else its tree `landmarks`.
 *
 * @throws InvalidInputError naming the folder or file that is not as expected
 */
export function readLandmarkData({ sources, landmarks }: LandmarkRecipe): LandmarkData {
  return sources.length > 0
    ? new SourceData(readLandmarkSources(sources))
    : new SequenceData(readLandmarkTree(landmarks!));
}
