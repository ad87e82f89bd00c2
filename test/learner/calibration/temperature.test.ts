import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitTemperature, temperatureLoss } from '../../../src/learner/calibration/temperature.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';

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
  return [{ logits, labels }];
}

describe('the fitted temperature', () => {
  for (const overconfidence of [0.5, 1, 3]) {
    it(`undoes logits that are ${overconfidence} times too large`, () => {
      const heldOut = drawnAnswers(overconfidence);
      const temperature = fitTemperature(heldOut, 3);
      assert.ok(Math.abs(temperature / overconfidence - 1) < 0.1, `${temperature}`);
      const loss = (value: number) => temperatureLoss(heldOut, 3, value);
      assert.ok(loss(temperature) <= loss(1) + 1e-9);
    });
  }

  it('stays within its bounds where every answer is right, or every one wrong', () => {
    const count = 500;
    const logits = Float32Array.from({ length: count * 3 }, (_, i) => (i % 3 === 0 ? 2 : 0));
    assert.ok(fitTemperature([{ logits, labels: new Int32Array(count) }], 3) >= 0.25);
    const wrong = fitTemperature([{ logits, labels: new Int32Array(count).fill(1) }], 3);
    assert.ok(wrong > 4 && wrong <= 8, `${wrong}`);
  });

  it('moves little for a handful of samples, and not for none', () => {
    const two = { logits: Float32Array.of(3, 0, 0, 3, 0, 0), labels: new Int32Array(2) };
    const temperature = fitTemperature([two], 3);
    assert.ok(temperature > 0.7 && temperature < 1, `${temperature}`);
    assert.equal(fitTemperature([], 3), 1);
  });

  it('is that of all networks together', () => {
    const [whole] = drawnAnswers(3);
    const cut = 1000;
    const part = (from: number, to: number) => ({
      logits: whole!.logits.subarray(from * 3, to * 3),
      labels: whole!.labels.subarray(from, to),
    });
    assert.equal(fitTemperature([part(0, cut), part(cut, whole!.labels.length)], 3), fitTemperature([whole!], 3));
  });

  it('goes by the weights of the samples', () => {
    const [sure] = drawnAnswers(3);
    const [right] = drawnAnswers(1);
    const temperature = (sureWeight: number, rightWeight: number) =>
      fitTemperature(
        [
          { ...sure!, weights: new Float64Array(sure!.labels.length).fill(sureWeight) },
          { ...right!, weights: new Float64Array(right!.labels.length).fill(rightWeight) },
        ],
        3,
      );
    assert.equal(temperature(1, 1), fitTemperature([sure!, right!], 3));
    assert.equal(temperature(7, 7), temperature(1, 1));
    assert.ok(Math.abs(temperature(1, 0) - fitTemperature([sure!], 3)) < 0.01);
    assert.ok(temperature(4, 1) > temperature(1, 1) && temperature(1, 1) > temperature(1, 4));
  });

  it('fits the mean of the probabilities of Monte Carlo passes', () => {
    // Two passes that are sure of different classes: their mean is one half whatever the temperature, down to overlap.
    const passes = { logits: Float32Array.of(9, 0, 0, 9), labels: Int32Array.of(0) };
    assert.ok(Math.abs(temperatureLoss([passes], 2, 1) - Math.log(2)) < 1e-9);
  });
});
