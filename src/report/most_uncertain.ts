import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';

/**
 * Indices of the `count` estimates of the largest predictive entropy, the most uncertain one first. Those whose entropy
 * is not a number go before all others.
 */
export function mostUncertain(estimates: readonly ExpressionEstimate[], count: number): number[] {
  const entropies = estimates.map(({ predictiveEntropy: entropy }) =>
    Number.isNaN(entropy) ? Number.MAX_VALUE : entropy,
  );
  return [...entropies.keys()].sort((a, b) => entropies[b]! - entropies[a]!).slice(0, count);
}
