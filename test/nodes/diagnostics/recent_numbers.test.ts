import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentNumbers } from '../../../src/nodes/diagnostics/recent_numbers.js';

describe('RecentNumbers', () => {
  it('keeps those of the last seconds, oldest first', () => {
    let time = 0;
    const recent = new RecentNumbers(10, () => time);
    assert.deepEqual(recent.values, []);
    for (let value = 0; value < 100; value++) {
      time = value * 1000;
      recent.add(value);
      const oldest = Math.max(0, value - 10);
      assert.deepEqual(
        recent.values,
        Array.from({ length: value - oldest + 1 }, (_, index) => oldest + index),
      );
    }
    time = 109_001;
    assert.deepEqual(recent.values, []);
    recent.add(7);
    assert.deepEqual(recent.values, [7]);
  });
});
