import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cropAround } from '../../../src/perception/face_api/landmark_crop.js';
import { movedFace, stickFace } from '../../support/stick_face.js';

it('cropAround is a square around the box, a little below its middle', () => {
  const { centerX, centerY, side, roll } = cropAround(stickFace());
  assert.equal(roll, 0);
  assert.ok(Math.abs(side - 80 * 1.4) < 1e-4);
  assert.ok(Math.abs(centerX - 100) < 1e-4);
  assert.ok(Math.abs(centerY - (100 + 0.08 * side)) < 1e-4);
});

describe('cropAround moves with the face', () => {
  for (const { roll, scale, dx, dy } of [
    { roll: 0, scale: 1, dx: 30, dy: -12 },
    { roll: 0.5, scale: 1, dx: 0, dy: 0 },
    { roll: -0.7, scale: 2, dx: 5, dy: 40 },
    { roll: 3, scale: 0.5, dx: -50, dy: 1 },
  ]) {
    it(`turned by ${roll}, scaled by ${scale}, moved by (${dx}, ${dy})`, () => {
      const face = movedFace(stickFace(), roll, scale, dx, dy);
      const before = cropAround(stickFace());
      const after = cropAround(face);
      const [centerX, centerY] = movedFace(new Float32Array([before.centerX, before.centerY]), roll, scale, dx, dy);
      assert.ok(Math.abs(after.side - before.side * scale) < 1e-3);
      assert.ok(Math.hypot(after.centerX - centerX!, after.centerY - centerY!) < 1e-3);
      assert.ok(Math.abs(after.roll - roll) < 1e-5);
    });
  }
});
