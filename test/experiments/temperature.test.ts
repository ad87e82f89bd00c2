import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitTemperature, negativeLogLikelihood } from '../../src/experiments/temperature.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';

/** Samples whose labels are drawn by the softmax of their logits; the answer is the logits times `overconfidence`. */
function drawnAnswers(overconfidence: number) {
  const random = new SeededRandom(1);
  const count = 4000;
  const logits = new Float32Array(count * 3);
  const labels = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const row = [0, 1, 2].map(() => 1.5 * random.normal());
    const weights = row.map(Math.exp);
    let left = random.uniform() * weights.reduce((a, b) => a + b);
    labels[n] = weights.findIndex((weight, k) => {
      left -= weight;
      return left < 0 || k === 2;
    });
    logits.set(
      row.map((value) => overconfidence * value),
      n * 3,
    );
  }
  return [{ logits, labels, count }];
}

describe('the fitted temperature', () => {
  for (const overconfidence of [0.5, 1, 3]) {
    it(`undoes logits that are ${overconfidence} times too large`, () => {
      const heldOut = drawnAnswers(overconfidence);
      const temperature = fitTemperature(heldOut, ['a', 'b', 'c']);
      assert.ok(Math.abs(temperature / overconfidence - 1) < 0.1, `${temperature}`);
      const loss = (value: number) => negativeLogLikelihood(heldOut, ['a', 'b', 'c'], value);
      assert.ok(loss(temperature) <= loss(1) + 1e-9);
    });
  }
});
