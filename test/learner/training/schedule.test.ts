import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { learningRateAt } from '../../../src/learner/training/schedule.js';

describe('the learning rate', () => {
  const at = (epoch: number, lrSchedule: '' | 'cosine') =>
    learningRateAt(epoch, { lr: 0.1, lrSchedule, dropAfterEpoch: [10, 20], epochs: 40 });

  for (const [epoch, expected] of [
    [0, 0.1],
    [9, 0.1],
    [10, 0.01],
    [19, 0.01],
    [20, 0.001],
  ] as const) {
    it(`is ${expected} in epoch ${epoch}, dropped after 10 and 20`, () => {
      assert.ok(Math.abs(at(epoch, '') - expected) < 1e-12);
    });
  }

  it('follows half a cosine wave', () => {
    assert.equal(at(0, 'cosine'), 0.1);
    assert.ok(Math.abs(at(20, 'cosine') - 0.05) < 1e-12);
    assert.ok(at(39, 'cosine') > 0 && at(39, 'cosine') < 0.001);
  });
});
