import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RateLimit } from '../../../src/nodes/expression/rate_limit.js';

/** How many of the stamps are let through. */
function admitted(stamps: readonly number[], maxRateHertz: number): number {
  const limit = new RateLimit();
  return stamps.filter((stamp) => limit.admits(stamp, maxRateHertz)).length;
}

const seconds = (count: number, rate: number, tremble = 0) =>
  Array.from({ length: count * rate }, (_, frame) => frame / rate + tremble * Math.sin(frame * 7.3));

describe('RateLimit', () => {
  for (const { rate, max, expected } of [
    { rate: 30, max: 0, expected: 300 },
    { rate: 30, max: 10, expected: 100 },
    { rate: 30, max: 15, expected: 150 },
    { rate: 30, max: 20, expected: 200 },
    { rate: 30, max: 30, expected: 300 },
    { rate: 30, max: 100, expected: 300 },
    { rate: 30, max: 0.5, expected: 5 },
  ]) {
    it(`lets ${expected} of 10 s at ${rate} Hz through at ${max} Hz, also where stamps tremble`, () => {
      assert.equal(admitted(seconds(10, rate), max), expected);
      const trembling = admitted(seconds(10, rate, 0.002), max);
      assert.ok(Math.abs(trembling - expected) <= 0.02 * expected + 1, `${trembling}`);
    });
  }

  it('begins anew where stamps go back, and after a pause', () => {
    const limit = new RateLimit();
    assert.ok(limit.admits(100, 1));
    assert.ok(!limit.admits(100.5, 1));
    assert.ok(limit.admits(3, 1));
    assert.ok(!limit.admits(3.5, 1));
    assert.ok(limit.admits(50, 1));
    assert.ok(!limit.admits(50.5, 1));
    assert.ok(limit.admits(51, 1));
  });

  it('takes another rate at once', () => {
    const limit = new RateLimit();
    assert.ok(limit.admits(0, 0.01));
    assert.ok(!limit.admits(1, 0.01));
    assert.ok(limit.admits(1.1, 10));
    assert.ok(limit.admits(1.2, 10));
    assert.ok(limit.admits(1.21, 0));
  });
});
