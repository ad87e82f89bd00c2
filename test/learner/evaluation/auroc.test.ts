import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auroc } from '../../../src/learner/evaluation/auroc.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { near } from './fixed_answers.js';

describe('AUROC', () => {
  it('is 1 for perfect scores, 0 for reversed ones, 0.5 for equal ones', () => {
    assert.equal(auroc([1, 2, 3, 4], [false, false, true, true]), 1);
    assert.equal(auroc([4, 3, 2, 1], [false, false, true, true]), 0);
    assert.equal(auroc([7, 7, 7], [false, true, true]), 0.5);
  });

  it('is null without positives, without negatives, and for scores that are no numbers', () => {
    assert.equal(auroc([1, 2], [true, true]), null);
    assert.equal(auroc([1, 2], [false, false]), null);
    assert.equal(auroc([1, Number.NaN], [false, true]), null);
  });

  it('is the share of pairs in the right order, ties counting half', () => {
    const random = new SeededRandom(3);
    const scores = Array.from({ length: 200 }, () => random.below(12));
    const positive = scores.map((score) => random.below(16) < score);
    let wins = 0;
    let pairs = 0;
    scores.forEach((a, i) => {
      scores.forEach((b, j) => {
        if (!positive[i] || positive[j]) return;
        pairs++;
        wins += a > b ? 1 : a === b ? 0.5 : 0;
      });
    });
    assert.ok(near(auroc(scores, positive), wins / pairs, 1e-12));
  });
});
