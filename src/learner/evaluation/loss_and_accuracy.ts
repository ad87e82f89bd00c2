import type { NetworkPasses } from '../engine/engine.js';
import { SeededRandom } from '../random/seeded_random.js';
import { batchesOf, type SampleSource } from '../samples.js';
import { argmax } from './classification_report.js';

/** Mean cross entropy (nats) and accuracy of a network on labelled samples, in one pass without dropout. */
export async function lossAndAccuracy(
  passes: NetworkPasses,
  source: SampleSource,
  batchSize: number,
  classes: number,
): Promise<{ loss: number; accuracy: number }> {
  const random = new SeededRandom(0);
  let loss = 0;
  let right = 0;
  for await (const { data, start, count } of batchesOf(source, batchSize)) {
    const logits = await passes.passes(data, count, 0, random);
    for (let row = 0; row < count; row++) {
      const label = source.labels[start + row]!;
      const largest = argmax(logits, row * classes, classes);
      if (largest === label) right++;
      const top = logits[row * classes + largest]!;
      let total = 0;
      for (let k = 0; k < classes; k++) total += Math.exp(logits[row * classes + k]! - top);
      loss += Math.log(total) + top - logits[row * classes + label]!;
    }
  }
  return { loss: loss / source.count, accuracy: right / source.count };
}
