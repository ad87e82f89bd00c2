import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calibrationBins, expectedCalibrationError } from '../../../src/learner/evaluation/calibration_bins.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { near } from './fixed_answers.js';

describe('calibration bins', () => {
  it('take their upper edge, and the first one 0', () => {
    const bins = calibrationBins([0, 0.2, 0.21, 0.4, 1], [false, true, true, false, true], 5);
    assert.deepEqual(
      bins.map(({ count }) => count),
      [2, 2, 0, 0, 1],
    );
    assert.ok(near(bins[0]!.mean_confidence, 0.1) && near(bins[1]!.mean_confidence, 0.305));
    assert.deepEqual(
      bins.map(({ accuracy }) => accuracy),
      [0.5, 0.5, null, null, 1],
    );
    assert.deepEqual(
      bins.map(({ from, to }) => [from, to]),
      [0, 1, 2, 3, 4].map((bin) => [bin / 5, (bin + 1) / 5]),
    );
  });

  it('are 15 of them', () => {
    assert.equal(calibrationBins([0.5], [true]).length, 15);
  });
});

describe('the expected calibration error', () => {
  const of = (confidences: number[], right: boolean[]) => expectedCalibrationError(calibrationBins(confidences, right));

  it('weighs the gap of each bin by its answers', () => {
    // 3 answers at 0.9 of which 2 are right: gap 0.2333; 1 answer at 0.5, wrong: gap 0.5.
    assert.ok(near(of([0.9, 0.9, 0.9, 0.5], [true, true, false, false]), (3 * (0.9 - 2 / 3) + 0.5) / 4));
  });

  it('is 0 for sure and right answers, 1 for sure and wrong ones', () => {
    assert.equal(of([1, 1], [true, true]), 0);
    assert.equal(of([1, 1], [false, false]), 1);
  });

  it('is small where answers are right as often as they say', () => {
    const random = new SeededRandom(4);
    const confidences = Array.from({ length: 20_000 }, () => random.uniform());
    const right = confidences.map((confidence) => random.uniform() < confidence);
    assert.ok(of(confidences, right) < 0.02);
    const overconfident = confidences.map((confidence) => Math.sqrt(confidence));
    assert.ok(near(of(overconfident, right), 2 / 3 - 1 / 2, 0.02));
  });
});
