import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { type ExpressionEstimate, entropy } from './expression_estimate.js';

/** The options of a SteadyEstimate. */
export const steadyEstimateSchema = z.strictObject({
  /** Time constant of the exponential smoothing; 0 = none, and then no margin either. */
  smoothingSeconds: z.number().min(0).max(10).default(0.25),
  /** Another category is named once its probability leads by more than this. */
  margin: z.number().min(0).max(1).default(0.1),
  /** Answers further apart than this (or a stamp that goes back) have nothing to do with each other. */
  maxGapSeconds: z.number().positive().default(0.5),
});

/** The options of a SteadyEstimate, those with a default left out at will. */
export type SteadyEstimateOptions = z.input<typeof steadyEstimateSchema>;

/**
 * The answers for one face, made steady: smoothed over time by their stamps (so alike at any rate), and with a category that
 * changes only when another one clearly leads.
 */
export class SteadyEstimate {
  readonly #options: z.output<typeof steadyEstimateSchema>;
  #last: { readonly stampSeconds: number; readonly estimate: ExpressionEstimate } | undefined;

  /** @throws InvalidInputError for unknown or invalid options */
  constructor(options: SteadyEstimateOptions = {}) {
    this.#options = parseOptions(steadyEstimateSchema, options, 'the options of SteadyEstimate');
  }

  /**
   * The steady answer after the next one. `mean`, `std`, `logits` and `mutualInformation` are exponential averages;
   * `predictiveEntropy` is that of the averaged `mean`, so it tells of changing answers too; `confidence` is the averaged
   * probability of the category that is named, which may for a moment not be the largest.
   */
  add(stampSeconds: number, estimate: ExpressionEstimate): ExpressionEstimate {
    const { smoothingSeconds, margin, maxGapSeconds } = this.#options;
    const elapsed = this.#last === undefined ? -1 : stampSeconds - this.#last.stampSeconds;
    let steady = estimate;
    if (this.#last !== undefined && smoothingSeconds > 0 && elapsed >= 0 && elapsed <= maxGapSeconds) {
      const before = this.#last.estimate;
      const gain = 1 - Math.exp(-elapsed / smoothingSeconds);
      const mean = blend(before.mean, estimate.mean, gain);
      const named = before.categoryIndex;
      let best = named;
      mean.forEach((probability, index) => {
        if (probability > mean[named]! + margin && probability > mean[best]!) best = index;
      });
      const former = before.mutualInformation;
      const predictiveEntropy = entropy(mean);
      steady = {
        category: best === named ? before.category : estimate.category,
        categoryIndex: best,
        confidence: mean[best]!,
        mean,
        std: blend(before.std, estimate.std, gain),
        logits: blend(before.logits, estimate.logits, gain),
        predictiveEntropy,
        mutualInformation: Math.min(predictiveEntropy, former + gain * (estimate.mutualInformation - former)),
        repeats: estimate.repeats,
      };
    }
    this.#last = { stampSeconds, estimate: steady };
    return steady;
  }
}

function blend(from: Float32Array, to: Float32Array, gain: number): Float32Array {
  return from.map((value, index) => value + gain * (to[index]! - value));
}
