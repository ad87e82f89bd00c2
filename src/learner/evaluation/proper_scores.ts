import { softmax } from '../inference/softmax.js';

/** Probabilities below this count as it, so that one sure mistake does not make a mean infinite. */
const LEAST_PROBABILITY = 1e-12;

/**
 * Negative log likelihood: mean over the samples of -log of their label's probability, in nats. A probability counts as
 * at least 1e-12.
 *
 * @param labels (N)
 * @param probabilities (N) of (K)
 */
export function negativeLogLikelihood(labels: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): number {
  let sum = 0;
  probabilities.forEach((row, sample) => {
    sum -= Math.log(Math.max(row[labels[sample]!]!, LEAST_PROBABILITY));
  });
  return sum / probabilities.length;
}

/**
 * Mean cross entropy of the softmax of logits, in nats: the loss that the reference reports, of the mean logits and
 * without a temperature.
 *
 * @param labels (N)
 * @param logits (N) of (K)
 */
export function crossEntropyLoss(labels: ArrayLike<number>, logits: readonly ArrayLike<number>[]): number {
  const probabilities = logits.map((row) => {
    const target = new Float64Array(row.length);
    softmax(row, 0, 1, target);
    return target;
  });
  return negativeLogLikelihood(labels, probabilities);
}

/**
 * Brier score (Brier 1950) of several classes: mean over the samples of the sum over all classes of the squared
 * difference between probability and truth. 0 is perfect, 2 is sure and wrong always.
 *
 * @param labels (N)
 * @param probabilities (N) of (K)
 */
export function brierScore(labels: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): number {
  let sum = 0;
  probabilities.forEach((row, sample) => {
    for (let k = 0; k < row.length; k++) sum += (row[k]! - (labels[sample] === k ? 1 : 0)) ** 2;
  });
  return sum / probabilities.length;
}
