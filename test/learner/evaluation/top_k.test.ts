import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { topKAccuracy } from '../../../src/learner/evaluation/top_k.js';
import { LABELS, PROBABILITIES } from './fixed_answers.js';

describe('top-k accuracy', () => {
  it("is scikit-learn's", () => {
    assert.equal(topKAccuracy(LABELS, PROBABILITIES, 1), 0.625);
    assert.equal(topKAccuracy(LABELS, PROBABILITIES, 2), 0.875);
  });

  it('is 1 where k is the number of classes or more', () => {
    assert.equal(topKAccuracy(LABELS, PROBABILITIES, 3), 1);
    assert.equal(topKAccuracy(LABELS, PROBABILITIES, 5), 1);
  });

  it('counts one class for each rank where probabilities are equal', () => {
    const equal = [0.25, 0.25, 0.25, 0.25];
    assert.equal(topKAccuracy([0, 1, 2, 3], [equal, equal, equal, equal], 1), 0.25);
    assert.equal(topKAccuracy([0, 1, 2, 3], [equal, equal, equal, equal], 3), 0.75);
  });

  it('refuses a k that is no whole number from 1 on', () => {
    for (const k of [0, -1, 1.5]) assert.throws(() => topKAccuracy(LABELS, PROBABILITIES, k), InvalidInputError);
  });
});
