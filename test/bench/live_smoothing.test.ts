import assert from 'node:assert/strict';
import { it } from 'node:test';
import { smoothingReport, steadied } from '../../bench/live_smoothing.js';
import { estimatesOf } from '../../src/learner/inference/expression_estimate.js';

const CLASSES = ['Happy', 'Neutral'];
/** Answers at 10 images a second, 0.9 sure of Happy (H) or Neutral (N); a space for none. */
const answers = (text: string, trackId = 1) =>
  [...text].map((letter, image) => {
    const logits = Float32Array.from(letter === 'H' ? [2.2, 0] : [0, 2.2]);
    const estimate = letter === ' ' ? undefined : estimatesOf(logits, 1, CLASSES, 1, 1)[0]!;
    return { stampSeconds: image / 10, trackId, estimate };
  });
const named = (own: ReturnType<typeof answers>, smoothingMs: number) =>
  steadied(own, { smoothingMs, margin: 0.1 })
    .map(({ estimate }) => estimate?.category[0] ?? ' ')
    .join('');

it('steadied smooths each track by itself, and leaves out images without an answer', () => {
  assert.equal(named(answers('NNNH NHHHHHH'), 0), 'NNNH NHHHHHH');
  assert.equal(named(answers('NNNHNNNNNN'), 250), 'NNNNNNNNNN');
  assert.match(named(answers('NNNNHHHHHHHH'), 250), /^NNNNN+H+$/);
  assert.equal(named([...answers('NNN'), ...answers('HHH', 2)], 250), 'NNNHHH');
});

it('smoothingReport tells flicker at rest, and how late and how rarely expressions are named', () => {
  const clip = {
    own: answers('NHNNHNNNNNHHHHHHHHNNNHNN'),
    notes: [
      [0, 1, 'rest'],
      [1, 1.8, 'Happy'],
      [2, 2.3, 'Happy'],
    ] as const,
  };
  const none = smoothingReport([clip], { smoothingMs: 0, margin: 0 });
  assert.ok(Math.abs(none.changes_in_10_s_of_rest! - (10 * 4) / 0.9) < 1e-9);
  assert.deepEqual([none.lag_s, none.not_named, none.expressions], [0, 0, 2]);
  const some = smoothingReport([clip], { smoothingMs: 250, margin: 0.1 });
  assert.equal(some.changes_in_10_s_of_rest, 0);
  assert.ok(some.lag_s! > 0.05 && some.lag_s! < 0.5, `${some.lag_s}`);
  assert.deepEqual([some.not_named, some.expressions], [1, 2]);
});
