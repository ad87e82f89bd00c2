import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LeadingClassTest } from '../../../src/learner/inference/leading_class_test.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';

/** Draws until settled; null where `most` passes do not settle it. */
function passesToSettle(draw: () => number[], errorProbability: number, most: number) {
  const classCount = draw().length;
  const test = new LeadingClassTest(classCount, errorProbability);
  const sum = new Float64Array(classCount);
  for (let passes = 1; passes <= most; passes++) {
    const probabilities = draw();
    probabilities.forEach((p, k) => {
      sum[k]! += p;
    });
    test.add(probabilities);
    if (test.settled) return { passes, leader: sum.indexOf(Math.max(...sum)) };
  }
  return null;
}

describe('the test of the leading class', () => {
  it('settles a clear lead within about ten passes, later for a smaller error', () => {
    const clear = () => [0.02, 0.96, 0.02];
    const loose = passesToSettle(clear, 0.05, 1000);
    const strict = passesToSettle(clear, 0.001, 1000);
    assert.equal(loose?.leader, 1);
    assert.ok(loose!.passes <= 10 && strict!.passes <= 20 && strict!.passes > loose!.passes);
  });

  it('never settles between equal classes whose probabilities do not vary', () => {
    assert.equal(
      passesToSettle(() => [0.5, 0.5], 0.1, 2000),
      null,
    );
  });

  for (const errorProbability of [0.1, 0.02]) {
    it(`settles on a class that does not lead in at most ${errorProbability} of all cases`, () => {
      const random = new SeededRandom(7);
      // The rarer outcome is the more extreme one: the true leader, 0, is behind in most passes.
      const skewed = () => (random.uniform() < 0.3 ? [0.95, 0.03, 0.02] : [0.2, 0.45, 0.35]);
      const even = () => (random.uniform() < 0.5 ? [0.99, 0.01] : [0.01, 0.99]);
      const runs = 400;
      const wrong = (draw: () => number[], leader: number) =>
        Array.from({ length: runs }, () => passesToSettle(draw, errorProbability, 300)).filter(
          (result) => result !== null && result.leader !== leader,
        ).length;
      assert.ok(wrong(skewed, 0) <= errorProbability * runs);
      // Neither leads: settling on class 1 is wrong, as is settling on class 0.
      assert.ok(wrong(even, 0) <= errorProbability * runs);
    });
  }

  it('settles the sooner the clearer the lead is', () => {
    const random = new SeededRandom(9);
    const mean = (lead: number) => {
      let total = 0;
      for (let run = 0; run < 40; run++) {
        const draw = () => (random.uniform() < 0.5 + lead / 2 ? [1, 0] : [0, 1]);
        total += passesToSettle(draw, 0.05, 3000)!.passes / 40;
      }
      return total;
    };
    const [far, middle, close] = [mean(0.8), mean(0.4), mean(0.2)];
    assert.ok(far! < middle! && middle! < close!, `${far}, ${middle}, ${close}`);
  });
});
