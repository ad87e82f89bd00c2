import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apportion } from '../../src/datasets/apportion.js';

describe('apportion', () => {
  it('adds up, each part within 1 of its share, and 0 for a weight of 0', () => {
    for (const [total, weights] of [
      [2048, [0.35, 0.3, 0.35]],
      [7, [1, 1, 1]],
      [10, [0, 3, 0.5, 0]],
      [0, [1, 2]],
    ] as const) {
      const parts = apportion(total, weights);
      const sum = weights.reduce<number>((a, b) => a + b, 0);
      assert.equal(
        parts.reduce((a, b) => a + b, 0),
        total,
      );
      parts.forEach((part, i) => {
        const exact = (total * weights[i]!) / sum;
        assert.ok(Math.abs(part - exact) < 1, `${part} of ${exact}`);
        if (weights[i] === 0) assert.equal(part, 0);
      });
    }
  });
});
