import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meanFace } from '../../../src/datasets/mean_face.js';
import { applySimilarity } from '../../../src/perception/window/similarity_transform.js';
import {
  pointCount,
  sampleFrames,
  type WindowFeatures,
  WindowPreparer,
} from '../../../src/perception/window/window_features.js';
import { DRAWN_EXPRESSIONS, drawnFace } from '../../support/faces.js';

const FACE = 136;
const mean_face = [...meanFace([drawnFace()])];

/** Rest, half a smile, a smile. */
function smile(): Float32Array {
  const window = new Float32Array(3 * FACE);
  [0, 0.5, 1].forEach((strength, frame) => {
    const face = drawnFace();
    for (let i = 0; i < FACE; i += 2) {
      const [dx, dy] = DRAWN_EXPRESSIONS.Happy!(face[i]!, face[i + 1]!, i / 2);
      window.set([face[i]! + strength * dx, face[i + 1]! + strength * dy], frame * FACE + i);
    }
  });
  return window;
}

function prepared(features: WindowFeatures, window: Float32Array): Float32Array {
  const frames = window.length / FACE;
  const sample = new Float32Array(2 * sampleFrames(features, frames) * pointCount(features));
  new WindowPreparer(features, frames, null).prepare(window, sample);
  return sample;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

for (const points of ['inner', 'all'] as const) {
  for (const alignment of ['all', 'steady'] as const) {
    for (const representation of ['displacement', 'position'] as const) {
      const features: WindowFeatures = { points, alignment, representation, mean_face };
      describe(`samples of windows: ${points} points, aligned by ${alignment}, ${representation}`, () => {
        it('do not change with the place, size and tilt of the face', () => {
          const window = smile();
          const moved = new Float32Array(window.length);
          const [scale, angle] = [3.7, 0.6];
          const transform = { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx: 320, ty: -44 };
          applySimilarity(transform, window, 0, moved, 0, window.length / 2);
          assert.ok(largestDifference(prepared(features, moved), prepared(features, window)) < 1e-5);
        });

        it('change with the expression', () => {
          const still = smile();
          still.set(still.subarray(0, FACE), FACE);
          still.set(still.subarray(0, FACE), 2 * FACE);
          const difference = largestDifference(prepared(features, smile()), prepared(features, still));
          assert.ok(difference > 0.05, `${difference}`);
        });
      });
    }
  }
}

describe('displacements', () => {
  const features: WindowFeatures = { points: 'inner', alignment: 'steady', representation: 'displacement', mean_face };

  it('of a face that rests are zero', () => {
    const still = smile();
    still.set(still.subarray(0, FACE), FACE);
    still.set(still.subarray(0, FACE), 2 * FACE);
    assert.ok(prepared(features, still).every((value) => Math.abs(value) < 1e-6));
  });

  it('are those of the mouth in a smile, in units of the eye distance, as (2, T, V)', () => {
    const sample = prepared(features, smile());
    const eyes = Math.hypot(drawnFace()[90]! - drawnFace()[72]!, drawnFace()[91]! - drawnFace()[73]!);
    const corner = 48 - 17;
    const face = drawnFace();
    const [dx, dy] = DRAWN_EXPRESSIONS.Happy!(face[96]!, face[97]!, 48);
    assert.ok(Math.abs(sample[51 + corner]! - dx / eyes) < 0.01);
    assert.ok(Math.abs(sample[2 * 51 + 51 + corner]! - dy / eyes) < 0.01);
    assert.ok(Math.abs(sample[corner]! - (0.5 * dx) / eyes) < 0.01);
    assert.ok(Math.abs(sample[0]!) < 0.01, 'a brow stays');
  });
});
