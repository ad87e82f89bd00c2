import { argmax } from '../evaluation/classification_report.js';
import { softmax } from './softmax.js';

/** What the network says of one sample. Probabilities are 0 to 1, entropies in nats. */
export interface ExpressionEstimate {
  /** Name of the most probable class. */
  readonly category: string;
  readonly categoryIndex: number;
  /** The mean probability of that class. */
  readonly confidence: number;
  /** By class: mean probability over the repeats. */
  readonly mean: Float32Array;
  /** By class: standard deviation of the probability over the repeats; zeros without dropout. */
  readonly std: Float32Array;
  /** By class: mean logits over the repeats, before the temperature. */
  readonly logits: Float32Array;
  /** Entropy of the mean probabilities: all uncertainty. */
  readonly predictiveEntropy: number;
  /** Predictive entropy minus the mean entropy of the repeats: the part that comes from the weights. */
  readonly mutualInformation: number;
  /** Monte Carlo repeats drawn; 0 without dropout. */
  readonly repeats: number;
}

/** What is known of samples beside the network's answers. It counts in this order: evidence, odds, reliability. */
export interface EstimateOptions {
  /** (N): what else was seen of each sample, which its probabilities are multiplied by; undefined where nothing was. */
  readonly evidence?: readonly (Evidence | undefined)[] | undefined;
  /**
   * (N, K): what the odds of each class are multiplied by for each sample, where classes occur more often than among the training
   * samples (Saerens et al. 2002); 1 each by default.
   */
  readonly oddsOfClasses?: readonly (readonly number[])[] | undefined;
  /** (N): how far each sample is to be believed, 0 to 1. 1 by default. */
  readonly reliabilities?: readonly number[] | undefined;
  /** (K): how the rest, of which nothing is known, goes to the classes, relative to each other; to all alike by default. */
  readonly oddsOfUnseen?: readonly number[] | undefined;
}

/** Something that was seen of a sample beside its landmarks. */
export interface Evidence {
  /**
   * (K): how probable it is under each class, relative to the other classes; null where it tells nothing of a class, whose probability
   * then stays as it is.
   */
  readonly likelihoods: readonly (number | null)[];
  /** Power that the probabilities by landmarks are taken to first, 0 to 1: below 1 where both show in part the same. */
  readonly power: number;
}

/**
 * Summarises the logits of one pass without dropout, or of Monte Carlo passes (Gal and Ghahramani 2016; mutual
 * information as in Houlsby et al. 2011).
 *
 * @param logits (R, N, K), flat; R = 1 for a pass without dropout
 * @param repeats the number to report: R, or 0 without dropout
 * @param temperature divides the logits before the softmax (Guo et al. 2017)
 * @returns one estimate a sample; of logits that are no numbers, as of a network that diverged, nor are its numbers
 */
export function estimatesOf(
  logits: Float32Array,
  count: number,
  classes: readonly string[],
  repeats: number,
  temperature: number,
  known: EstimateOptions = {},
): ExpressionEstimate[] {
  const size = classes.length;
  const passes = logits.length / (count * size);
  return Array.from({ length: count }, (_, sample) => {
    const meanLogits = new Float64Array(size);
    const sum = new Float64Array(size);
    const squares = new Float64Array(size);
    const probabilities = new Float64Array(size);
    let entropySum = 0;
    for (let pass = 0; pass < passes; pass++) {
      const offset = (pass * count + sample) * size;
      softmax(logits, offset, temperature, probabilities);
      adjustProbabilities(probabilities, sample, known);
      entropySum += entropy(probabilities);
      for (let k = 0; k < size; k++) {
        meanLogits[k]! += logits[offset + k]! / passes;
        sum[k]! += probabilities[k]!;
        squares[k]! += probabilities[k]! ** 2;
      }
    }
    const exactMean = sum.map((value) => value / passes);
    const mean = Float32Array.from(exactMean);
    const std = squares.map((value, k) => Math.sqrt(Math.max(0, value / passes - exactMean[k]! ** 2)));
    const categoryIndex = argmax(mean);
    const predictiveEntropy = entropy(exactMean);
    return {
      category: classes[categoryIndex]!,
      categoryIndex,
      confidence: mean[categoryIndex]!,
      mean,
      std: Float32Array.from(std),
      logits: Float32Array.from(meanLogits),
      predictiveEntropy,
      mutualInformation: Math.max(0, predictiveEntropy - entropySum / passes),
      repeats,
    };
  });
}

/** Does to the probabilities of one pass, in place, what is known of their sample. */
export function adjustProbabilities(
  probabilities: Float64Array,
  sample: number,
  { reliabilities, oddsOfUnseen, oddsOfClasses, evidence }: EstimateOptions,
): void {
  const seen = evidence?.[sample];
  if (seen !== undefined) weighBySeen(probabilities, seen);
  const odds = oddsOfClasses?.[sample];
  if (odds !== undefined) weigh(probabilities, odds);
  const reliability = reliabilities?.[sample] ?? 1;
  if (reliability < 1) mixWithUnseen(probabilities, reliability, oddsOfUnseen);
}

/** Weighs the probabilities of the classes that evidence is about by it, and leaves their sum as it was. */
function weighBySeen(probabilities: Float64Array, { likelihoods, power }: Evidence): void {
  let before = 0;
  let after = 0;
  likelihoods.forEach((likelihood, k) => {
    if (likelihood === null) return;
    before += probabilities[k]!;
    probabilities[k] = probabilities[k]! ** power * likelihood;
    after += probabilities[k]!;
  });
  if (after === 0) return;
  likelihoods.forEach((likelihood, k) => {
    if (likelihood !== null) probabilities[k] = (probabilities[k]! * before) / after;
  });
}

/** Multiplies probabilities by weights, and makes their sum 1 again. */
function weigh(probabilities: Float64Array, weights: readonly number[]): void {
  let sum = 0;
  for (let k = 0; k < probabilities.length; k++) {
    probabilities[k] = probabilities[k]! * weights[k]!;
    sum += probabilities[k]!;
  }
  for (let k = 0; k < probabilities.length; k++) probabilities[k] = probabilities[k]! / sum;
}

/** Leaves each probability its share, and gives the rest to the classes by their odds: nothing else is known there. */
function mixWithUnseen(probabilities: Float64Array, share: number, odds: readonly number[] | undefined): void {
  const sum = odds?.reduce((total, value) => total + value, 0) ?? probabilities.length;
  for (let k = 0; k < probabilities.length; k++) {
    probabilities[k] = share * probabilities[k]! + ((1 - share) * (odds?.[k] ?? 1)) / sum;
  }
}

/** In nats; not a number where a probability is none. */
export function entropy(probabilities: Float64Array | Float32Array): number {
  let sum = 0;
  for (const p of probabilities) if (p !== 0) sum += p * Math.log(p);
  return -sum;
}
