import { InvalidInputError } from '../src/errors.js';
import { findShapePredictor } from '../src/perception/dlib/shape_predictor_file.js';
import {
  LOADABLE_EXTRACTOR_NAMES,
  type LoadableExtractorName,
} from '../src/perception/landmarks/landmark_extractor_name.js';

/** The extractors that can run here: dlib's only where its file is. */
export function availableExtractors(): LoadableExtractorName[] {
  return LOADABLE_EXTRACTOR_NAMES.filter((name) => name !== 'dlib' || findShapePredictor() !== null);
}

/**
 * The names of the extractors that can run here and hold a text.
 *
 * @throws InvalidInputError when none does
 */
export function chosenExtractors(text: string): LoadableExtractorName[] {
  const available = availableExtractors();
  const chosen = available.filter((name) => name.includes(text));
  if (chosen.length === 0) {
    throw new InvalidInputError('--only', text, `a part of ${available.join(', ')}`, 'the command line');
  }
  return chosen;
}
