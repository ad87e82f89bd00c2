import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimatesOf } from '../../src/learner/inference/expression_estimate.js';
import { mostUncertain } from '../../src/report/most_uncertain.js';

describe('the most uncertain estimates', () => {
  const estimates = estimatesOf(Float32Array.of(9, 0, 0, 0, 1, 0, 3, 0), 4, ['a', 'b'], 0, 1);

  it('are those of the largest entropy, in order', () => {
    assert.deepEqual(mostUncertain(estimates, 3), [1, 2, 3]);
    assert.deepEqual(mostUncertain(estimates, 9), [1, 2, 3, 0]);
  });

  it('are first of all those that are no numbers', () => {
    const diverged = estimatesOf(Float32Array.of(Number.NaN, 0), 1, ['a', 'b'], 0, 1);
    assert.deepEqual(mostUncertain([...estimates, ...diverged], 2), [4, 1]);
  });
});
