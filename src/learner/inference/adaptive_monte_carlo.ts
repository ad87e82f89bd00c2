import { SeededRandom } from '../random/seeded_random.js';
import {
  adjustProbabilities,
  type EstimateOptions,
  type ExpressionEstimate,
  estimatesOf,
} from './expression_estimate.js';
import { LeadingClassTest } from './leading_class_test.js';
import { softmax } from './softmax.js';

/** Logits (R, N, K) of R Monte Carlo passes over N samples (N, C, T, V, M). */
export type MonteCarloPasses = (
  data: Float32Array,
  count: number,
  repeats: number,
  random: SeededRandom,
) => Promise<Float32Array>;

export interface AdaptiveMonteCarloOptions extends EstimateOptions {
  /** Names of the K classes. */
  readonly classes: readonly string[];
  /** Divides the logits before the softmax. */
  readonly temperature: number;
  /** Passes for a sample at most. */
  readonly mcdoRepeats: number;
  /** Largest probability that the answer of a settled sample is not that of infinitely many passes; 0 to 1, exclusive. */
  readonly errorProbability: number;
  /** Makes the answer repeatable. */
  readonly seed: number;
}

/** Passes between two looks at a sample: a clear answer needs about that many, and a run of fewer gains little time. */
const PASSES_A_LOOK = 10;

/**
 * Monte Carlo dropout that draws no more passes for a sample than its answer needs: 10 at a time until the leading class
 * is settled (see LeadingClassTest), at most `mcdoRepeats`. An estimate's `repeats` says how many it took; where they
 * are fewer than `mcdoRepeats`, the answer is settled.
 *
 * Every sample is drawn by itself, with the same stream of masks from the seed. So its estimate depends on the sample
 * and the seed alone, whatever else is in the batch and wherever the batch is split.
 *
 * @param data (N, C, T, V, M), flat
 * @param count N
 */
export async function adaptiveMonteCarlo(
  passes: MonteCarloPasses,
  data: Float32Array,
  count: number,
  options: AdaptiveMonteCarloOptions,
): Promise<ExpressionEstimate[]> {
  const size = data.length / Math.max(1, count);
  const estimates: ExpressionEstimate[] = [];
  for (let sample = 0; sample < count; sample++) {
    estimates.push(await estimateOne(passes, data.subarray(sample * size, (sample + 1) * size), sample, options));
  }
  return estimates;
}

async function estimateOne(
  passes: MonteCarloPasses,
  data: Float32Array,
  sample: number,
  options: AdaptiveMonteCarloOptions,
): Promise<ExpressionEstimate> {
  const { classes, temperature, mcdoRepeats, errorProbability, seed } = options;
  const random = new SeededRandom(seed);
  const test = new LeadingClassTest(classes.length, errorProbability);
  const probabilities = new Float64Array(classes.length);
  const logits = new Float32Array(mcdoRepeats * classes.length);
  let drawn = 0;
  while (drawn < mcdoRepeats && !(drawn > 0 && test.settled)) {
    const now = Math.min(PASSES_A_LOOK, mcdoRepeats - drawn);
    const part = await passes(data, 1, now, random);
    logits.set(part, drawn * classes.length);
    for (let pass = 0; pass < now; pass++) {
      softmax(part, pass * classes.length, temperature, probabilities);
      adjustProbabilities(probabilities, sample, options);
      test.add(probabilities);
    }
    drawn += now;
  }
  const [estimate] = estimatesOf(logits.subarray(0, drawn * classes.length), 1, classes, drawn, temperature, {
    reliabilities: ofSample(options.reliabilities, sample),
    oddsOfUnseen: options.oddsOfUnseen,
    oddsOfClasses: ofSample(options.oddsOfClasses, sample),
    evidence: ofSample(options.evidence, sample),
  });
  return estimate!;
}

function ofSample<T>(values: readonly T[] | undefined, sample: number): T[] | undefined {
  return values && [values[sample]!];
}
