import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brierScore, crossEntropyLoss, negativeLogLikelihood } from '../../../src/learner/evaluation/proper_scores.js';
import { LABELS, near, PROBABILITIES } from './fixed_answers.js';

describe('negative log likelihood', () => {
  it("is scikit-learn's log_loss", () => {
    assert.ok(near(negativeLogLikelihood(LABELS, PROBABILITIES), 0.7302496018981381));
  });

  it('is 0 for perfect answers, log K for uniform ones, and finite for a label of probability 0', () => {
    assert.equal(negativeLogLikelihood([1], [[0, 1]]), 0);
    assert.ok(near(negativeLogLikelihood([2, 0], [new Array(4).fill(0.25), new Array(4).fill(0.25)]), Math.log(4)));
    assert.ok(near(negativeLogLikelihood([0], [[0, 1]]), 12 * Math.log(10)));
  });
});

describe('cross entropy of logits', () => {
  it("is scikit-learn's log_loss of their softmax", () => {
    const logits = [
      [2, 1, 0],
      [0, 3, 0],
      [0.5, 0.5, 1],
      [1, 2, 3],
      [3, 2, 1],
      [0, 0, 0],
      [-1, -2, 4],
      [5, 5, 5],
    ];
    assert.ok(near(crossEntropyLoss(LABELS, logits), 0.9148145851374623));
  });

  it('does not overflow', () => {
    assert.ok(near(crossEntropyLoss([0], [[1e4, 0]]), 0));
  });
});

describe('the Brier score', () => {
  it("is scikit-learn's brier_score_loss without halving", () => {
    assert.ok(near(brierScore(LABELS, PROBABILITIES), 0.431875));
  });

  it('is 0 for perfect answers, 2 for sure and wrong ones, 1 - 1/K for uniform ones', () => {
    assert.equal(brierScore([1], [[0, 1, 0]]), 0);
    assert.equal(brierScore([1], [[1, 0, 0]]), 2);
    assert.ok(near(brierScore([3], [new Array(4).fill(0.25)]), 0.75));
  });
});
