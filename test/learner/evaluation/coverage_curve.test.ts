import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coverageCurve } from '../../../src/learner/evaluation/coverage_curve.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { near } from './fixed_answers.js';

describe('accuracy over coverage', () => {
  it('is that of the most certain answers', () => {
    const { points, area_under_risk_coverage } = coverageCurve([0.4, 0.1, 0.3, 0.2], [false, true, false, true]);
    assert.deepEqual(points, [
      { coverage: 0.25, accuracy: 1 },
      { coverage: 0.5, accuracy: 1 },
      { coverage: 0.75, accuracy: 2 / 3 },
      { coverage: 1, accuracy: 0.5 },
    ]);
    assert.ok(near(area_under_risk_coverage, (1 / 3 + 1 / 2) / 4));
  });

  it('is the accuracy of all, everywhere, where all are equally uncertain', () => {
    const { points, area_under_risk_coverage } = coverageCurve([1, 1, 1, 1], [true, false, false, false]);
    for (const { accuracy } of points) assert.ok(near(accuracy, 0.25));
    assert.ok(near(area_under_risk_coverage, 0.75));
  });

  it('leaves out first what has no number for its uncertainty', () => {
    const { points } = coverageCurve([Number.NaN, 5, Number.NaN], [false, true, false]);
    assert.deepEqual(
      points.map(({ accuracy }) => accuracy),
      [1, 1 / 2, 1 / 3],
    );
  });

  it('does not depend on the order of the samples', () => {
    const random = new SeededRandom(5);
    const samples = Array.from({ length: 60 }, () => ({ entropy: random.below(8), right: random.uniform() < 0.6 }));
    const curve = (list: typeof samples) =>
      coverageCurve(
        list.map(({ entropy }) => entropy),
        list.map(({ right }) => right),
      );
    assert.deepEqual(curve(random.shuffle([...samples])), curve(samples));
  });

  it('has 200 points at most, the last of them of all answers', () => {
    const random = new SeededRandom(6);
    const right = Array.from({ length: 1234 }, () => random.uniform() < 0.5);
    const { points } = coverageCurve(
      right.map(() => random.uniform()),
      right,
    );
    assert.equal(points.length, 200);
    assert.deepEqual(points.at(-1), { coverage: 1, accuracy: right.filter(Boolean).length / 1234 });
  });
});
