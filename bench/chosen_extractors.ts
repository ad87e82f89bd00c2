import { InvalidInputError } from '../src/errors.js';
import {
  LOADABLE_EXTRACTOR_NAMES,
  type LoadableExtractorName,
} from '../src/perception/landmarks/landmark_extractor_name.js';

/**
 * The names of the extractors that hold a text.
 *
 * @throws InvalidInputError when none does
 */
export function chosenExtractors(text: string): LoadableExtractorName[] {
  const chosen = LOADABLE_EXTRACTOR_NAMES.filter((name) => name.includes(text));
  if (chosen.length === 0) {
    throw new InvalidInputError('--only', text, `a part of ${LOADABLE_EXTRACTOR_NAMES.join(', ')}`, 'the command line');
  }
  return chosen;
}
