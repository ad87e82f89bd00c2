import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CROP_SHIFT_DOWN,
  CROP_SIDE,
  cropAround,
  eyeRoll,
  landmarkBox,
} from '../../../src/perception/landmarks/landmarks68.js';

/** A stick face 60 wide and 80 high around (100, 100): eyes level, every other point between the box's corners. */
function stickFace(): Float32Array {
  const landmarks = new Float32Array(136).fill(100);
  landmarks.set([70, 60], 0);
  landmarks.set([130, 60], 32);
  landmarks.set([100, 140], 16);
  for (let point = 36; point < 42; point++) landmarks.set([85, 80], 2 * point);
  for (let point = 42; point < 48; point++) landmarks.set([115, 80], 2 * point);
  return landmarks;
}

/** Turns landmarks about (x, y) by radians, scales them and moves them. */
function moved(landmarks: Float32Array, roll: number, scale: number, dx: number, dy: number): Float32Array {
  return landmarks.map((value, at) => {
    const x = landmarks[at - (at % 2)]! - 100;
    const y = landmarks[at - (at % 2) + 1]! - 100;
    if (at % 2 === 0) return 100 + scale * (Math.cos(roll) * x - Math.sin(roll) * y) + dx;
    return Number.isFinite(value) ? 100 + scale * (Math.sin(roll) * x + Math.cos(roll) * y) + dy : value;
  });
}

it('landmarkBox is the smallest box around the points', () => {
  assert.deepEqual(landmarkBox(stickFace()), { x: 70, y: 60, width: 60, height: 80 });
});

it('cropAround is a square around the box, a little below its middle', () => {
  const { centerX, centerY, side, roll } = cropAround(stickFace());
  assert.equal(roll, 0);
  assert.ok(Math.abs(side - 80 * CROP_SIDE) < 1e-4);
  assert.ok(Math.abs(centerX - 100) < 1e-4);
  assert.ok(Math.abs(centerY - (100 + CROP_SHIFT_DOWN * side)) < 1e-4);
});

describe('cropAround moves with the face', () => {
  for (const { roll, scale, dx, dy } of [
    { roll: 0, scale: 1, dx: 30, dy: -12 },
    { roll: 0.5, scale: 1, dx: 0, dy: 0 },
    { roll: -0.7, scale: 2, dx: 5, dy: 40 },
    { roll: 3, scale: 0.5, dx: -50, dy: 1 },
  ]) {
    it(`turned by ${roll}, scaled by ${scale}, moved by (${dx}, ${dy})`, () => {
      const face = moved(stickFace(), roll, scale, dx, dy);
      assert.ok(Math.abs(eyeRoll(face) - roll) < 1e-5);
      const before = cropAround(stickFace());
      const after = cropAround(face);
      const [centerX, centerY] = moved(new Float32Array([before.centerX, before.centerY]), roll, scale, dx, dy);
      assert.ok(Math.abs(after.side - before.side * scale) < 1e-3);
      assert.ok(Math.hypot(after.centerX - centerX!, after.centerY - centerY!) < 1e-3);
      assert.ok(Math.abs(after.roll - roll) < 1e-5);
    });
  }
});
