import { softmax } from '../inference/softmax.js';

/** Answers to labelled samples that the network was not trained on. */
export interface LabelledLogits {
  /** (R, N, K), flat: of R Monte Carlo passes, or R = 1 without dropout. Not divided by any temperature. */
  readonly logits: Float32Array;
  /** (N): class indices. */
  readonly labels: Int32Array;
  /** (N): how much each sample counts, relative to the others; left out, all count the same. */
  readonly weights?: Float64Array;
}

const LOWEST = 0.25;
const HIGHEST = 8;
const STEPS = 40;

/**
 * The temperature under which held-out answers are most likely (temperature scaling, Guo et al. 2017, here of the mean
 * of Monte Carlo probabilities): golden-section search over its logarithm, from 0.25 to 8.
 *
 * The logarithm has a standard normal prior. It weighs as much as one or two samples: hundreds of them decide alone,
 * while a handful, all of them right perhaps, moves the temperature little. Without any sample it is 1.
 *
 * @param answers one entry for each network that answered, such as one a fold
 * @param classCount K
 */
export function fitTemperature(answers: readonly LabelledLogits[], classCount: number): number {
  const samples = answers.reduce((sum, { labels }) => sum + labels.length, 0);
  if (samples === 0) return 1;
  const loss = (logTemperature: number) =>
    samples * temperatureLoss(answers, classCount, Math.exp(logTemperature)) + logTemperature ** 2 / 2;
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

/** Probabilities below this count as it, so that one sure mistake does not make the likelihood nought. */
const LEAST_PROBABILITY = 1e-12;

/** Mean over the samples, by their weights, of -log of the probability of their label under a temperature, in nats. */
export function temperatureLoss(answers: readonly LabelledLogits[], classCount: number, temperature: number): number {
  const probabilities = new Float64Array(classCount);
  let sum = 0;
  let total = 0;
  for (const { logits, labels, weights } of answers) {
    const count = labels.length;
    const passes = logits.length / (count * classCount);
    for (let sample = 0; sample < count; sample++) {
      let mean = 0;
      for (let pass = 0; pass < passes; pass++) {
        softmax(logits, (pass * count + sample) * classCount, temperature, probabilities);
        mean += probabilities[labels[sample]!]! / passes;
      }
      const weight = weights?.[sample] ?? 1;
      sum -= weight * Math.log(Math.max(mean, LEAST_PROBABILITY));
      total += weight;
    }
  }
  return sum / total;
}
