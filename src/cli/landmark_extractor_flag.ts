import { InvalidInputError } from '../errors.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import {
  DEFAULT_LANDMARK_EXTRACTOR,
  LANDMARK_EXTRACTOR_NAMES,
} from '../perception/landmarks/landmark_extractor_name.js';
import { nearestExtractor } from '../perception/window/reference_faces.js';

/** What found the landmarks of a tree of which nothing else is said. */
export const DEFAULT_EXTRACTOR = 'dlib';

/**
 * The extractor that a model takes landmarks to come from: the one that --extractor names, or dlib. Where the model was
 * trained for others only, the nearest of them, with a warning on standard error.
 *
 * @throws InvalidInputError where --extractor names no landmark extractor
 */
export function chosenExtractor(
  flag: string | undefined,
  { landmarkExtractors: known }: Pick<ProgressiveSpatioTemporalBLNLearner, 'landmarkExtractors'>,
): string {
  const names: readonly string[] = LANDMARK_EXTRACTOR_NAMES;
  if (flag !== undefined && !names.includes(flag)) {
    throw new InvalidInputError('the landmark extractor', flag, names.join(', '), '--extractor');
  }
  const extractor = flag ?? DEFAULT_EXTRACTOR;
  if (known.length === 0 || known.includes(extractor)) return extractor;
  const nearest = nearestExtractor(extractor, known);
  console.error(
    `pstbln: the model was trained for ${known.join(', ')}, not for ${extractor}: its points are taken for those of ${nearest}`,
  );
  return nearest;
}

/**
 * The extractor that looks at images: the one that --extractor names, dlib where --shape-predictor names its model, else the
 * default one.
 *
 * @throws InvalidInputError where --shape-predictor would not be used
 */
export function imageExtractor(extractor: string | undefined, shapePredictor: string | undefined): string {
  if (shapePredictor === undefined) return extractor ?? DEFAULT_LANDMARK_EXTRACTOR;
  if (extractor === undefined || extractor === 'dlib') return 'dlib';
  throw new InvalidInputError('--shape-predictor', shapePredictor, '--extractor dlib with it', 'the command line');
}
