import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, behaviourOf } from '../../bench/live_behaviour.js';

/** Answers at 10 images a second; each name stands for the given number of images, '' for none. */
function answers(...stretches: readonly (readonly [category: string, images: number])[]): Answer[] {
  return stretches
    .flatMap(([category, images]) => Array.from({ length: images }, () => category))
    .map((category, index) => ({
      stampSeconds: index / 10,
      estimate: category === '' ? undefined : { category, predictiveEntropy: category === 'Neutral' ? 0.5 : 1 },
    }));
}

describe('behaviourOf', () => {
  it('counts changes, rest and delays by the notes', () => {
    const shown = answers(['', 5], ['Sad', 5], ['Neutral', 20], ['Happy', 20]);
    const behaviour = behaviourOf(shown, [
      [0, 2, 'rest'],
      [2.5, 5, 'Happy'],
      [3, 4, 'Angry'],
    ]);
    assert.equal(behaviour.images, 50);
    assert.equal(behaviour.images_without_answer, 5);
    assert.ok(Math.abs(behaviour.changes_in_10_s! - 20 / 4.4) < 1e-9);
    assert.ok(Math.abs(behaviour.changes_in_10_s_of_rest! - 10 / 1.4) < 1e-9);
    assert.ok(Math.abs(behaviour.neutral_at_rest! - 2 / 3) < 1e-9);
    assert.ok(Math.abs(behaviour.seconds_of_rest - 1.4) < 1e-9);
    assert.deepEqual(Object.keys(behaviour.rest_called), ['Neutral', 'Sad']);
    assert.equal(behaviour.rest_called.Neutral, behaviour.neutral_at_rest);
    assert.ok(Math.abs(behaviour.entropy.rest! - 2 / 3) < 1e-9);
    const [happy, angry] = behaviour.expressions;
    assert.ok(Math.abs(happy!.named_after_s! - 0.5) < 1e-9);
    assert.equal(happy!.share, 0.8);
    assert.deepEqual(angry, { from: 3, category: 'Angry', share: 0, named_after_s: null });
  });

  it('tells nothing where there is nothing to tell it by', () => {
    const behaviour = behaviourOf(answers(['', 3]), [[0, 1, 'rest']]);
    assert.deepEqual(behaviour, {
      images: 3,
      images_without_answer: 3,
      changes_in_10_s: null,
      changes_in_10_s_of_rest: null,
      seconds_of_rest: 0,
      neutral_at_rest: null,
      rest_called: {},
      entropy: {},
      expressions: [],
    });
  });
});
