import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ExpressionEstimate, estimatesOf } from '../../../src/learner/inference/expression_estimate.js';
import { SteadyEstimate, type SteadyEstimateOptions } from '../../../src/learner/inference/steady_estimate.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';

const CLASSES = ['Happy', 'Neutral', 'Surprise'];

/** An answer with these probabilities, over two repeats that differ by `spread` in the logits of the first class. */
function answer(probabilities: readonly number[], spread = 0): ExpressionEstimate {
  const logits = probabilities.map(Math.log);
  const passes = [spread, -spread].flatMap((shift) => logits.map((value, index) => value + (index === 0 ? shift : 0)));
  return estimatesOf(Float32Array.from(passes), 1, CLASSES, 2, 1)[0]!;
}

const HAPPY = answer([0.8, 0.15, 0.05]);
const NEUTRAL = answer([0.1, 0.85, 0.05]);

/** Seconds until Happy is named after a neutral face became happy; Infinity where it is not within two seconds. */
function delay(options: SteadyEstimateOptions, rate: number): number {
  const steady = new SteadyEstimate(options);
  for (let frame = -rate; frame <= 0; frame++) steady.add(frame / rate, NEUTRAL);
  for (let frame = 1; frame <= 2 * rate; frame++) {
    if (steady.add(frame / rate, HAPPY).category === 'Happy') return frame / rate;
  }
  return Infinity;
}

describe('SteadyEstimate', () => {
  it('passes the first answer on as it is, and all without smoothing', () => {
    assert.equal(new SteadyEstimate().add(0, HAPPY), HAPPY);
    const off = new SteadyEstimate({ smoothingSeconds: 0 });
    off.add(0, HAPPY);
    assert.equal(off.add(0.03, NEUTRAL), NEUTRAL);
  });

  it('takes equally long at any rate, and longer with a larger time constant', () => {
    const slow = delay({ smoothingSeconds: 0.25 }, 10);
    const fast = delay({ smoothingSeconds: 0.25 }, 100);
    assert.ok(Math.abs(slow - fast) <= 0.1, `${slow} and ${fast} s`);
    assert.ok(fast > 0.1 && fast < 0.4, `${fast} s`);
    assert.ok(delay({ smoothingSeconds: 0.5 }, 100) > fast);
  });

  it('changes the category only when another one leads by more than the margin', () => {
    const [slightly, clearly] = [answer([0.47, 0.43, 0.1]), answer([0.6, 0.3, 0.1])];
    const steady = new SteadyEstimate();
    for (let time = 0; time <= 3; time += 0.05) steady.add(time, time === 0 ? NEUTRAL : slightly);
    const held = steady.add(3.05, slightly);
    assert.equal(held.category, 'Neutral');
    assert.equal(held.confidence, held.mean[1]);
    assert.ok(held.mean[0]! > held.mean[1]!);
    for (let time = 3.1; time <= 5; time += 0.05) steady.add(time, clearly);
    const changed = steady.add(5, clearly);
    assert.deepEqual([changed.category, changed.categoryIndex], ['Happy', 0]);
  });

  it('asks for as many repeats as make the averages as precise as one answer, whatever the rate', () => {
    for (const rate of [2, 5, 15, 30, 120]) {
      const steady = new SteadyEstimate({ smoothingSeconds: 0.25 });
      assert.equal(steady.repeatsFor(0, 100), 100, 'nothing is known before the first answer');
      let variance = 1 / 100;
      steady.add(0, { ...NEUTRAL, repeats: 100 });
      const gain = 1 - Math.exp(-1 / rate / 0.25);
      for (let image = 1; image < 3 * rate; image++) {
        const repeats = steady.repeatsFor(image / rate, 100);
        steady.add(image / rate, { ...NEUTRAL, repeats });
        variance = (1 - gain) ** 2 * variance + gain ** 2 / repeats;
        assert.ok(variance <= 1.0001 / 100, `${rate} Hz: ${1 / variance} repeats`);
        // One less would be too few, unless it is the least.
        const fewer = variance + gain ** 2 * (1 / (repeats - 1) - 1 / repeats);
        assert.ok(repeats === 25 || fewer > 1 / 100, `${rate} Hz: ${repeats} repeats are more than needed`);
      }
      assert.equal(steady.repeatsFor(5, 100), 100, 'after a gap all begins anew');
    }
    const first = new SteadyEstimate();
    assert.equal(first.effectiveRepeats, 0);
    first.add(0, { ...NEUTRAL, repeats: 100 });
    assert.equal(first.effectiveRepeats, 100);
    const off = new SteadyEstimate({ smoothingSeconds: 0 });
    off.add(0, { ...NEUTRAL, repeats: 100 });
    assert.equal(off.repeatsFor(0.03, 100), 100);
    const few = new SteadyEstimate();
    few.add(0, { ...NEUTRAL, repeats: 5 });
    assert.equal(few.repeatsFor(0.03, 5), 5);
    assert.equal(few.repeatsFor(0.03, 0), 0);
  });

  it('has the spread and the information of many repeats where each answer is of few', () => {
    const random = new SeededRandom(5);
    const many = new SteadyEstimate({ smoothingSeconds: 2 });
    const few = new SteadyEstimate({ smoothingSeconds: 2 });
    let [right, shared] = [HAPPY, HAPPY];
    for (let image = 0; image < 600; image++) {
      const drawn = (repeats: number) =>
        estimatesOf(
          Float32Array.from({ length: 3 * repeats }, () => 1.5 * random.normal()),
          1,
          CLASSES,
          repeats,
          1,
        )[0]!;
      right = many.add(image / 30, drawn(400));
      shared = few.add(image / 30, drawn(10));
    }
    // 10 repeats alone give a spread that is 8 % too small, and 0.06 nats too little information.
    right.std.forEach((std, k) => {
      assert.ok(Math.abs(shared.std[k]! / std - 1) < 0.04, `${shared.std[k]} for ${std}`);
    });
    assert.ok(Math.abs(shared.mutualInformation - right.mutualInformation) < 0.02);
  });

  it('does not flicker where answers alternate', () => {
    const steady = new SteadyEstimate();
    const named = Array.from(
      { length: 300 },
      (_, frame) =>
        steady.add(frame / 30, frame % 2 === 0 ? answer([0.55, 0.4, 0.05]) : answer([0.4, 0.55, 0.05])).category,
    );
    assert.deepEqual([...new Set(named)], ['Happy']);
  });

  it('keeps the numbers honest', () => {
    const steady = new SteadyEstimate();
    steady.add(0, answer([0.8, 0.15, 0.05], 1));
    const { mean, std, predictiveEntropy, mutualInformation } = steady.add(0.2, answer([0.1, 0.85, 0.05], 1));
    assert.ok(Math.abs(mean.reduce((sum, p) => sum + p, 0) - 1) < 1e-6);
    assert.ok(std.every((value) => value >= 0 && value <= 0.5));
    assert.ok(mutualInformation > 0 && mutualInformation <= predictiveEntropy);
    // Two certain answers that contradict each other are no certain answer.
    const certain = new SteadyEstimate();
    certain.add(0, HAPPY);
    const between = certain.add(0.17, NEUTRAL);
    assert.ok(between.predictiveEntropy > Math.max(HAPPY.predictiveEntropy, NEUTRAL.predictiveEntropy));
    assert.equal(between.mutualInformation, 0);
  });

  it('starts anew after a gap and when stamps go back', () => {
    const steady = new SteadyEstimate();
    steady.add(10, HAPPY);
    assert.equal(steady.add(11, NEUTRAL), NEUTRAL);
    assert.equal(steady.add(2, HAPPY), HAPPY);
  });

  it('refuses options that are none', () => {
    assert.throws(() => new SteadyEstimate({ smoothingSeconds: -1 }), /smoothingSeconds/);
    assert.throws(() => new SteadyEstimate({ margins: 1 } as SteadyEstimateOptions), /margins/);
  });
});
