import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quantile } from '../src/quantile.js';

describe('quantile', () => {
  it('is one of the numbers, whatever their order', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index * 37) % 100);
    for (const [share, expected] of [
      [0, 0],
      [0.5, 50],
      [0.9, 90],
      [0.99, 99],
      [1, 99],
    ] as const) {
      assert.equal(quantile(values, share), expected, `${share}`);
    }
    assert.equal(quantile([3], 0.99), 3);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
});
