import { estimatesOf } from '../learner/inference/expression_estimate.js';
import type { HeldOutLogits } from './cross_validation.js';

const LOWEST = 0.25;
const HIGHEST = 8;
const STEPS = 40;

/**
 * The temperature under which held-out answers are most likely (temperature scaling, Guo et al. 2017, here of the mean
 * of Monte Carlo probabilities): golden-section search over its logarithm.
 */
export function fitTemperature(heldOut: readonly HeldOutLogits[], classes: readonly string[]): number {
  const loss = (logTemperature: number) => negativeLogLikelihood(heldOut, classes, Math.exp(logTemperature));
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  for (let step = 0; step < STEPS; step++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return Number(Math.exp((low + high) / 2).toFixed(3));
}

/** Mean over the samples of -log of the probability of their label, in nats. */
export function negativeLogLikelihood(
  heldOut: readonly HeldOutLogits[],
  classes: readonly string[],
  temperature: number,
): number {
  let sum = 0;
  let count = 0;
  for (const { logits, labels, count: samples } of heldOut) {
    estimatesOf(logits, samples, classes, 1, temperature).forEach(({ mean }, i) => {
      sum -= Math.log(Math.max(mean[labels[i]!]!, 1e-12));
    });
    count += samples;
  }
  return sum / count;
}
