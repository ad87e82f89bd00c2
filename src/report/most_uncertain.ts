import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';

/** Indices of the `count` estimates of the largest predictive entropy, the most uncertain one first. */
export function mostUncertain(estimates: readonly ExpressionEstimate[], count: number): number[] {
  return estimates
    .map((_, index) => index)
    .sort((a, b) => estimates[b]!.predictiveEntropy - estimates[a]!.predictiveEntropy)
    .slice(0, count);
}
