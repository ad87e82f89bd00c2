import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimatesOf } from '../../../src/learner/inference/expression_estimate.js';

const classes = ['a', 'b', 'c'];
const log = Math.log;

describe('expression estimates', () => {
  it('of one pass are its softmax, without spread', () => {
    const [estimate] = estimatesOf(Float32Array.of(log(1), log(2), log(5)), 1, classes, 0, 1);
    assert.equal(estimate!.category, 'c');
    assert.ok(Math.abs(estimate!.confidence - 5 / 8) < 1e-6);
    assert.deepEqual([...estimate!.std], [0, 0, 0]);
    assert.ok(estimate!.mutualInformation < 1e-9);
    assert.equal(estimate!.repeats, 0);
  });

  it('of passes that disagree have spread and mutual information', () => {
    const certain = 50;
    const logits = Float32Array.of(certain, 0, 0, 0, certain, 0);
    const [estimate] = estimatesOf(logits, 1, classes, 2, 1);
    assert.ok(Math.abs(estimate!.mean[0]! - 0.5) < 1e-6 && Math.abs(estimate!.std[0]! - 0.5) < 1e-6);
    assert.ok(Math.abs(estimate!.predictiveEntropy - log(2)) < 1e-6);
    assert.ok(Math.abs(estimate!.mutualInformation - log(2)) < 1e-6);
  });

  it('of passes that agree have entropy but no mutual information', () => {
    const [estimate] = estimatesOf(new Float32Array(6), 1, classes, 2, 1);
    assert.ok(Math.abs(estimate!.predictiveEntropy - log(3)) < 1e-6 && estimate!.mutualInformation < 1e-6);
  });

  it('keep the samples of a batch apart', () => {
    const logits = Float32Array.of(9, 0, 0, 0, 9, 0, 9, 0, 0, 0, 0, 9);
    const [first, second] = estimatesOf(logits, 2, classes, 2, 1);
    assert.equal(first!.category, 'a');
    assert.ok(first!.confidence > 0.99 && Math.abs(second!.mean[1]! - 0.5) < 0.01);
  });

  it('grow less certain with the temperature, which leaves the logits alone', () => {
    const logits = Float32Array.of(3, 0, 0);
    const [cold] = estimatesOf(logits, 1, classes, 0, 1);
    const [warm] = estimatesOf(logits, 1, classes, 0, 3);
    assert.ok(warm!.confidence < cold!.confidence);
    assert.deepEqual(warm!.logits, cold!.logits);
  });

  it('give what is not to be believed of a sample to all classes alike', () => {
    const logits = Float32Array.of(50, 0, 0, 50, 0, 0, 0, 50, 0, 0, 50, 0);
    const [whole, half] = estimatesOf(logits, 2, classes, 2, 1, { reliabilities: [1, 0.5] });
    assert.deepEqual(whole, estimatesOf(logits, 2, classes, 2, 1)[0]);
    assert.equal(half!.category, whole!.category);
    [0, 1, 2].forEach((k) => {
      assert.ok(Math.abs(half!.mean[k]! - (0.5 * whole!.mean[k]! + 0.5 / 3)) < 1e-6);
      assert.ok(Math.abs(half!.std[k]! - 0.5 * whole!.std[k]!) < 1e-6);
    });
    assert.ok(half!.predictiveEntropy > whole!.predictiveEntropy + 0.2);
    assert.ok(half!.mutualInformation < whole!.mutualInformation);
    const [none] = estimatesOf(logits.subarray(0, 3), 1, classes, 0, 1, { reliabilities: [0] });
    assert.ok(Math.abs(none!.predictiveEntropy - log(3)) < 1e-6);
  });

  it('give it to the classes by the odds that are said', () => {
    const known = { reliabilities: [0.4], oddsOfUnseen: [1, 1, 3] };
    const [estimate] = estimatesOf(Float32Array.of(0, 0, 0), 1, classes, 0, 1, known);
    [0.2, 0.2, 0.6].forEach((unseen, k) => {
      assert.ok(Math.abs(estimate!.mean[k]! - (0.4 / 3 + 0.6 * unseen)) < 1e-6, `${k}: ${estimate!.mean[k]}`);
    });
  });

  it('multiply the odds of a class that occurs more often than in training', () => {
    const logits = Float32Array.of(log(6), log(3), log(1), 0, 0, 0);
    const [clear, unclear] = estimatesOf(logits, 2, classes, 0, 1, {
      oddsOfClasses: [
        [1, 4, 1],
        [1, 4, 1],
      ],
    });
    [6, 12, 1].forEach((weight, k) => void assert.ok(Math.abs(clear!.mean[k]! - weight / 19) < 1e-6));
    assert.equal(clear!.category, classes[1]);
    assert.ok(Math.abs(unclear!.confidence - 4 / 6) < 1e-6);
    assert.deepEqual(clear!.logits, estimatesOf(logits, 2, classes, 0, 1)[0]!.logits);
  });

  it('are multiplied by what else was seen, which leaves a class that it is not about as it is', () => {
    const logits = Float32Array.of(log(6), log(3), log(1), log(2), log(1), log(1));
    const evidence = [{ likelihoods: [0.5, 2, null], power: 1 }, undefined];
    const [seen, unseen] = estimatesOf(logits, 2, classes, 0, 1, { evidence });
    [0.9 * (3 / 9), 0.9 * (6 / 9), 0.1].forEach((p, k) => void assert.ok(Math.abs(seen!.mean[k]! - p) < 1e-6));
    assert.equal(seen!.category, 'b');
    [0.5, 0.25, 0.25].forEach((p, k) => void assert.ok(Math.abs(unseen!.mean[k]! - p) < 1e-6));
    const first = logits.subarray(0, 3);
    const [both] = estimatesOf(first, 1, classes, 0, 1, {
      evidence,
      oddsOfClasses: [[1, 1, 9]],
      reliabilities: [0.5],
    });
    [0.3, 0.6, 0.9].forEach((p, k) => void assert.ok(Math.abs(both!.mean[k]! - (0.5 * p) / 1.8 - 0.5 / 3) < 1e-6));
    const [nothing] = estimatesOf(first, 1, classes, 0, 1, {
      evidence: [{ likelihoods: [null, null, null], power: 0.5 }],
    });
    assert.deepEqual(nothing!.mean, estimatesOf(first, 1, classes, 0, 1)[0]!.mean);
  });

  it('by landmarks count as less sure where the power is below 1, those of a class that was not seen excepted', () => {
    const logits = Float32Array.of(log(16), log(4), log(5));
    const [seen] = estimatesOf(logits, 1, classes, 0, 1, { evidence: [{ likelihoods: [1, 1, null], power: 0.5 }] });
    [(20 / 25) * (4 / 6), (20 / 25) * (2 / 6), 5 / 25].forEach((p, k) => {
      assert.ok(Math.abs(seen!.mean[k]! - p) < 1e-6, `${k}: ${seen!.mean[k]}, expected ${p}`);
    });
  });

  it('of logits that are no numbers are none themselves', () => {
    const [estimate] = estimatesOf(Float32Array.of(Number.NaN, 0, 1), 1, classes, 0, 1);
    assert.ok([estimate!.confidence, estimate!.predictiveEntropy, estimate!.mutualInformation].every(Number.isNaN));
  });
});
