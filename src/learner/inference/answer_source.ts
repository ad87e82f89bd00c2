import type { InferenceParams } from '../checkpoint/metadata.js';
import type { NetworkPasses } from '../engine/engine.js';
import type { MonteCarloOptions } from '../options.js';
import { SeededRandom } from '../random/seeded_random.js';
import { batchesOf, type SampleSource } from '../samples.js';
import { adaptiveMonteCarlo, type MonteCarloPasses } from './adaptive_monte_carlo.js';
import { type ExpressionEstimate, estimatesOf } from './expression_estimate.js';

/** How a source is answered. */
export interface AnswerOptions extends MonteCarloOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Hears how many samples are answered. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Answers every sample of a source, in its order. */
export async function answerSource(
  passes: NetworkPasses,
  source: SampleSource,
  { classes, temperature }: Pick<InferenceParams, 'classes' | 'temperature'>,
  { monteCarloDropout, mcdoRepeats, mcdoErrorProbability, batchSize, seed, onProgress }: AnswerOptions,
): Promise<ExpressionEstimate[]> {
  const random = new SeededRandom(seed);
  const repeats = monteCarloDropout ? mcdoRepeats : 0;
  const draw: MonteCarloPasses = (...request) => passes.passes(...request);
  const estimates: ExpressionEstimate[] = [];
  for await (const { data, count } of batchesOf(source, batchSize)) {
    if (monteCarloDropout && mcdoErrorProbability !== null) {
      const options = { mcdoRepeats, errorProbability: mcdoErrorProbability, classes, temperature, seed };
      estimates.push(...(await adaptiveMonteCarlo(draw, data, count, options)));
    } else {
      const logits = await passes.passes(data, count, repeats, random);
      estimates.push(...estimatesOf(logits, count, classes, repeats, temperature));
    }
    onProgress?.(estimates.length, source.count);
  }
  return estimates;
}
