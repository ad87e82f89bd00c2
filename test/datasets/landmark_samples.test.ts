import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { centredSample, firstAndLastPositions, fitClip } from '../../src/datasets/landmark_samples.js';
import { drawnFace, drawnSequence } from '../support/faces.js';

describe('a sample of landmarks', () => {
  const frames = drawnSequence(3);

  it('has the point below the nose at the origin in every frame, and every other point relative to it', () => {
    for (const [points, vertices, first] of [
      ['inner', 51, 17],
      ['all', 68, 0],
    ] as const) {
      const sample = centredSample(frames, points);
      assert.equal(sample.length, 2 * 3 * vertices);
      for (let axis = 0; axis < 2; axis++) {
        for (let frame = 0; frame < 3; frame++) {
          for (let point = 0; point < vertices; point++) {
            const at = frame * 136 + axis;
            const expected = Math.fround(frames[at + 2 * (first + point)]! - frames[at + 2 * 33]!);
            assert.equal(sample[(axis * 3 + frame) * vertices + point], expected);
          }
        }
      }
    }
  });

  it('does not depend on where the face is', () => {
    const face = drawnFace();
    const moved = face.map((value) => value + 64);
    assert.deepEqual(centredSample(moved, 'inner').map(Math.round), centredSample(face, 'inner').map(Math.round));
  });
});

describe('the frames of a sample', () => {
  it('are the first one and the last ones, the first repeated where there are too few', () => {
    assert.deepEqual(firstAndLastPositions(12, 5), [0, 8, 9, 10, 11]);
    assert.deepEqual(firstAndLastPositions(5, 5), [0, 1, 2, 3, 4]);
    assert.deepEqual(firstAndLastPositions(4, 5), [0, 0, 1, 2, 3]);
    assert.deepEqual(firstAndLastPositions(2, 5), [0, 0, 0, 0, 1]);
  });
});

describe('a clip', () => {
  const clip = Float32Array.from([0, 10, 1, 11, 2, 12]);

  it('starts again at its end, or ends after the wanted frames', () => {
    assert.deepEqual([...fitClip(clip, 2, 5, 'repeat')], [0, 10, 1, 11, 2, 12, 0, 10, 1, 11]);
    assert.deepEqual([...fitClip(clip, 2, 2, 'repeat')], [0, 10, 1, 11]);
  });

  it('is stretched and squeezed evenly', () => {
    assert.deepEqual([...fitClip(clip, 2, 5, 'resample')], [0, 10, 0.5, 10.5, 1, 11, 1.5, 11.5, 2, 12]);
    assert.deepEqual([...fitClip(clip, 2, 2, 'resample')], [0, 10, 2, 12]);
    assert.deepEqual([...fitClip(clip.slice(0, 2), 2, 3, 'resample')], [0, 10, 0, 10, 0, 10]);
    assert.deepEqual([...fitClip(clip, 2, 1, 'resample')], [0, 10]);
  });
});
