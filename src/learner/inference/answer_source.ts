import { InvalidInputError } from '../../errors.js';
import type { Appearance } from '../../perception/appearance/face_appearance.js';
import { appearanceEvidence } from '../appearance/appearance_classifier.js';
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
  /** (N): what the pixels of each sample's face look like, null where nobody looked; left out, of no sample. */
  readonly appearances?: readonly (Appearance | null)[] | null;
  /** (N): how much the face that each sample is compared with is the person's own, 0 to 1; left out, of no sample. */
  readonly referenceWeights?: readonly number[] | null;
  /** Hears how many samples are answered. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Answers every sample of a source, in its order.
 *
 * @throws InvalidInputError where there are more or fewer appearances or reference weights than samples
 */
export async function answerSource(
  passes: NetworkPasses,
  source: SampleSource,
  params: Pick<InferenceParams, 'classes' | 'temperature' | 'appearance'>,
  options: AnswerOptions,
): Promise<ExpressionEstimate[]> {
  const { classes, temperature, appearance: model } = params;
  const { monteCarloDropout, mcdoRepeats, mcdoErrorProbability, batchSize, seed, onProgress } = options;
  const { appearances, referenceWeights } = options;
  for (const [name, values] of Object.entries({ appearances, referenceWeights })) {
    if (!values || values.length === source.count) continue;
    const expected = `${source.count}, one for each sample`;
    throw new InvalidInputError(`the number of ${name}`, values.length, expected, 'the options');
  }
  const random = new SeededRandom(seed);
  const repeats = monteCarloDropout ? mcdoRepeats : 0;
  const draw: MonteCarloPasses = (...request) => passes.passes(...request);
  const estimates: ExpressionEstimate[] = [];
  for await (const { data, count, start } of batchesOf(source, batchSize)) {
    const evidence = appearances
      ?.slice(start, start + count)
      .map((appearance, n) => appearanceEvidence(appearance, classes, model, referenceWeights?.[start + n]));
    if (monteCarloDropout && mcdoErrorProbability !== null) {
      const options = { mcdoRepeats, errorProbability: mcdoErrorProbability, classes, temperature, seed, evidence };
      estimates.push(...(await adaptiveMonteCarlo(draw, data, count, options)));
    } else {
      const logits = await passes.passes(data, count, repeats, random);
      estimates.push(...estimatesOf(logits, count, classes, repeats, temperature, { evidence }));
    }
    onProgress?.(estimates.length, source.count);
  }
  return estimates;
}
