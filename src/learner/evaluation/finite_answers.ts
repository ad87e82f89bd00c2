import { InvalidInputError } from '../../errors.js';
import { indexOfNonFinite } from '../finite.js';
import type { ExpressionEstimate } from '../inference/expression_estimate.js';

/**
 * Refuses answers that are no numbers, whose figures would look like figures.
 *
 * @throws InvalidInputError naming the first sample
 */
export function checkFiniteAnswers(estimates: readonly ExpressionEstimate[], origin: string): void {
  estimates.forEach(({ logits }, sample) => {
    const wrong = indexOfNonFinite(logits);
    if (wrong === -1) return;
    const expected = 'finite numbers: the network diverged, lower the learning rate';
    throw new InvalidInputError(`a logit of sample ${sample}`, logits[wrong], expected, origin);
  });
}
