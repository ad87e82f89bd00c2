import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chosenMuscles } from '../../../src/datasets/face_muscles.js';
import { faceForMetadata, meanFace } from '../../../src/datasets/mean_face.js';
import { delaunayMuscles, writeMuscles } from '../../../src/perception/window/muscles.js';
import { pointCount, WindowPreparer } from '../../../src/perception/window/window_features.js';
import { drawnFace, drawnSequence } from '../../support/faces.js';

/** A square with a point in its middle: four triangles, eight edges. */
const SQUARE = [0, 0, 2, 0, 2, 2, 0, 2, 1, 1.1];
const key = ([a, b]: readonly number[]) => `${Math.min(a!, b!)} ${Math.max(a!, b!)}`;

describe('muscles', () => {
  it('are the edges of the triangulation and those to the centre, each once', () => {
    const muscles = delaunayMuscles(SQUARE, 0, 'once');
    assert.deepEqual(muscles.map(key).sort(), ['0 1', '0 2', '0 3', '0 4', '1 2', '1 4', '2 3', '2 4', '3 4']);
  });

  it('have three edges a triangle and one for each point, the centre too, with duplicates', () => {
    const muscles = delaunayMuscles(SQUARE, 0, 'duplicates');
    assert.equal(muscles.length, 4 * 3 + 5);
    assert.equal(muscles.filter((pair) => key(pair) === '1 4').length, 2);
    assert.deepEqual(
      muscles.slice(12),
      [0, 1, 2, 3, 4].map((point) => [point, 0]),
    );
  });

  it('are the source less the target', () => {
    const target = new Float32Array(4);
    writeMuscles(
      Float32Array.from([1, 5, 7, 10, 30, 70]),
      3,
      [
        [0, 2],
        [2, 1],
      ],
      target,
    );
    assert.deepEqual([...target], [-6, 2, -60, 40]);
  });

  it('of a window are those of its points, whatever it is compared with', () => {
    const mean_face = faceForMetadata(meanFace([drawnFace()]));
    const window = drawnSequence(4).map((value) => 3 * value + 20);
    for (const representation of ['position', 'displacement', 'displacement_from_reference'] as const) {
      const reference =
        representation === 'displacement_from_reference' ? { reference_faces: { drawn: mean_face } } : {};
      const points = { points: 'inner' as const, alignment: 'all' as const, representation, mean_face, ...reference };
      const withMuscles = { ...points, ...chosenMuscles({ muscles: 'once', points: 'inner' }, mean_face) };
      const frames = representation === 'displacement' ? 3 : 4;
      const count = pointCount(withMuscles);
      assert.ok(count > 130 && count < 200, `${count}`);
      const ofPoints = new Float32Array(2 * frames * 51);
      new WindowPreparer(points, 4, 'drawn').prepare(window, ofPoints);
      const made = new Float32Array(2 * frames * count);
      new WindowPreparer(withMuscles, 4, 'drawn').prepare(window, made);
      const expected = new Float32Array(made.length);
      writeMuscles(ofPoints, 51, withMuscles.muscles!, expected);
      assert.deepEqual(made, expected);
      assert.ok(made.some((value) => Math.abs(value) > 0.1));
    }
  });
});
