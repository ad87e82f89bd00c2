import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutRepeats } from '../../../src/perception/faces/without_repeats.js';

it('withoutRepeats keeps the best detection of each face, best first', () => {
  const detection = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score });
  const [weak, strong, other] = [detection(0, 0.5), detection(3, 0.9), detection(12, 0.7)];
  assert.deepEqual(withoutRepeats([weak!, other!, strong!]), [strong, other]);
  assert.deepEqual(withoutRepeats([]), []);
});
