import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { inMemory } from '../../src/learner/samples.js';

const dims = [1, 1, 2, 1] as const;
const samples = { data: Float32Array.of(1, 2, 3, 4, 5, 6), labels: Int32Array.of(0, 1, 0), count: 3 };

describe('samples in memory', () => {
  it('are gathered in the order asked for', async () => {
    const target = new Float32Array(5);
    await inMemory(samples, dims).gather([2, 0], target);
    assert.deepEqual([...target], [5, 6, 1, 2, 0]);
  });

  it('are refused where sizes contradict each other', () => {
    for (const wrong of [{ count: 2 }, { labels: new Int32Array(2) }, { data: new Float32Array(5) }]) {
      assert.throws(() => inMemory({ ...samples, ...wrong }, dims), InvalidInputError);
    }
  });

  it('are not gathered past their ends, nor past the end of the target', () => {
    const source = inMemory(samples, dims);
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      assert.throws(() => source.gather([index], new Float32Array(2)), /index of a sample.*0 to 2/);
    }
    assert.throws(() => source.gather([0, 1], new Float32Array(3)), /length of the target is 3.*at least 4/);
  });
});
