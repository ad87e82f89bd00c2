import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { LONGEST_GAP_SECONDS } from '../../perception/window/longest_gap.js';
import { type ExpressionEstimate, entropy } from './expression_estimate.js';

/** The options of a SteadyEstimate. */
export const steadyEstimateSchema = z.strictObject({
  /** Time constant of the exponential smoothing; 0 = none, and then no margin either. */
  smoothingSeconds: z.number().min(0).max(10).default(0.25),
  /** Another category is named once its probability leads by more than this. */
  margin: z.number().min(0).max(1).default(0.1),
  /** Answers further apart than this (or a stamp that goes back) have nothing to do with each other. */
  maxGapSeconds: z.number().positive().default(LONGEST_GAP_SECONDS),
});

/**
 * With fewer repeats for an image than this, the categories of two runs agree less often than those of 100 each (docs/uncertainty.md),
 * as the averages move from image to image.
 */
const FEWEST_REPEATS = 25;

/** The options of a SteadyEstimate, those with a default left out at will. */
export type SteadyEstimateOptions = z.input<typeof steadyEstimateSchema>;

/**
 * The answers for one face, made steady: smoothed over time by their stamps (so alike at any rate), and with a category that
 * changes only when another one clearly leads.
 */
export class SteadyEstimate {
  readonly #options: z.output<typeof steadyEstimateSchema>;
  #last: SteadyState | undefined;

  /** @throws InvalidInputError for unknown or invalid options */
  constructor(options: SteadyEstimateOptions = {}) {
    this.#options = parseOptions(steadyEstimateSchema, options, 'the options of SteadyEstimate');
  }

  /**
   * How many Monte Carlo repeats the next answer needs for the steady one to be as precise as a single answer of `wanted`
   * repeats: the averages rest on the repeats of the images before too. As many as wanted where nothing is smoothed, 25 at least.
   *
   * @param stampSeconds of the next answer
   */
  repeatsFor(stampSeconds: number, wanted: number): number {
    const gain = this.#gain(stampSeconds);
    if (this.#last === undefined || gain === undefined) return wanted;
    // The averages' variance in that of one repeat: what is kept of the one before, and the new answer's share.
    const left = 1 / wanted - (1 - gain) ** 2 * this.#last.variancePerRepeat;
    const needed = left > 0 ? Math.ceil(gain ** 2 / left) : wanted;
    return Math.min(wanted, Math.max(FEWEST_REPEATS, needed));
  }

  /** A single answer of how many repeats would be as precise as the newest steady one; 0 before the first. */
  get effectiveRepeats(): number {
    return this.#last === undefined ? 0 : Math.round(1 / this.#last.variancePerRepeat);
  }

  /**
   * The steady answer after the next one. `mean`, `logits`, `mutualInformation` and the square of `std` are exponential averages,
   * the last two without what few repeats make too small; `predictiveEntropy` is that of the averaged `mean`, so it tells of
   * changing answers too; `confidence` is the averaged probability of the category that is named, which may for a moment not be
   * the largest.
   */
  add(stampSeconds: number, estimate: ExpressionEstimate): ExpressionEstimate {
    const gain = this.#gain(stampSeconds);
    const own = stateOf(estimate);
    if (this.#last === undefined || gain === undefined) {
      this.#last = { stampSeconds, estimate, ...own };
      return estimate;
    }
    const { estimate: before, variance: varianceBefore, variancePerRepeat } = this.#last;
    const mean = blend(before.mean, estimate.mean, gain);
    const named = before.categoryIndex;
    let best = named;
    mean.forEach((probability, index) => {
      if (probability > mean[named]! + this.#options.margin && probability > mean[best]!) best = index;
    });
    const variance = blend(varianceBefore, own.variance, gain);
    const information = this.#last.mutualInformation;
    const mutualInformation = information + gain * (own.mutualInformation - information);
    const predictiveEntropy = entropy(mean);
    const steady = {
      category: best === named ? before.category : estimate.category,
      categoryIndex: best,
      confidence: mean[best]!,
      mean,
      std: variance.map(Math.sqrt),
      logits: blend(before.logits, estimate.logits, gain),
      predictiveEntropy,
      mutualInformation: Math.min(predictiveEntropy, mutualInformation),
      repeats: estimate.repeats,
    };
    this.#last = {
      stampSeconds,
      estimate: steady,
      variance,
      mutualInformation,
      variancePerRepeat: (1 - gain) ** 2 * variancePerRepeat + gain ** 2 * own.variancePerRepeat,
    };
    return steady;
  }

  /** The share of the next answer in the averages; undefined where it begins them anew. */
  #gain(stampSeconds: number): number | undefined {
    const { smoothingSeconds, maxGapSeconds } = this.#options;
    const elapsed = this.#last === undefined ? -1 : stampSeconds - this.#last.stampSeconds;
    if (smoothingSeconds === 0 || !(elapsed >= 0 && elapsed <= maxGapSeconds)) return undefined;
    return 1 - Math.exp(-elapsed / smoothingSeconds);
  }
}

/** What is averaged of an answer beside its own numbers. */
interface Averaged {
  /** By class, of a probability over infinitely many repeats, as far as the repeats tell. */
  readonly variance: Float32Array;
  /** Likewise. */
  readonly mutualInformation: number;
  /** Of the averages, in that of one repeat: 1 / repeats for a single answer. */
  readonly variancePerRepeat: number;
}

interface SteadyState extends Averaged {
  readonly stampSeconds: number;
  readonly estimate: ExpressionEstimate;
}

function stateOf({ mean, std, mutualInformation, repeats }: ExpressionEstimate): Averaged {
  if (repeats < 2) return { variance: std.map((value) => value ** 2), mutualInformation, variancePerRepeat: 1 };
  const variance = std.map((value) => (value ** 2 * repeats) / (repeats - 1));
  // The entropy of a mean of R repeats is too small by about sum(variance / mean) / 2R (Miller 1955), and so is what it is part of.
  const missing = variance.reduce((sum, value, k) => (mean[k]! > 0 ? sum + value / mean[k]! : sum), 0) / (2 * repeats);
  return { variance, mutualInformation: mutualInformation + missing, variancePerRepeat: 1 / repeats };
}

function blend(from: Float32Array, to: Float32Array, gain: number): Float32Array {
  return from.map((value, index) => value + gain * (to[index]! - value));
}
