import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillMissing } from '../../src/datasets/missing_landmarks.js';

const frames = [null, Float32Array.of(0, 8), null, null, Float32Array.of(3, 2), null];
const filled = (rule: 'skip' | 'repeat' | 'interpolate', of: readonly (Float32Array | null)[] = frames) =>
  fillMissing(of, rule).map(({ landmarks, state }) => [landmarks && [...landmarks], state]);

describe('frames without a face', () => {
  it('are left out', () => {
    const missing = [null, 'missing'];
    assert.deepEqual(filled('skip'), [missing, [[0, 8], 'found'], missing, missing, [[3, 2], 'found'], missing]);
  });

  it('get the landmarks of the frame before, at the start those of the one after', () => {
    const first = [[0, 8], 'repeated'];
    assert.deepEqual(filled('repeat'), [
      first,
      [[0, 8], 'found'],
      first,
      first,
      [[3, 2], 'found'],
      [[3, 2], 'repeated'],
    ]);
  });

  it('get landmarks on the straight way between their neighbours', () => {
    assert.deepEqual(filled('interpolate').slice(1, 5), [
      [[0, 8], 'found'],
      [[1, 6], 'interpolated'],
      [[2, 4], 'interpolated'],
      [[3, 2], 'found'],
    ]);
    assert.deepEqual(filled('interpolate')[0], [[0, 8], 'repeated']);
  });

  it('stay without landmarks where there is no face at all', () => {
    assert.deepEqual(filled('interpolate', [null, null]), [
      [null, 'missing'],
      [null, 'missing'],
    ]);
  });
});
