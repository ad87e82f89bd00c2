import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cropAround, fitsCrop, nextCrop } from '../../../src/perception/face_api/landmark_crop.js';
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

const CROP = cropAround(stickFace());

describe('nextCrop', () => {
  it('follows with some inertia, until it is there', () => {
    const target = cropAround(movedFace(stickFace(), 0.2, 1.5, 10, 0));
    let crop = nextCrop(CROP, target);
    assert.ok(crop.centerX > CROP.centerX + 3 && crop.centerX < target.centerX);
    assert.ok(crop.side > CROP.side && crop.side < target.side);
    for (let image = 0; image < 30; image++) crop = nextCrop(crop, target);
    for (const key of ['centerX', 'centerY', 'side', 'roll'] as const) {
      assert.ok(Math.abs(crop[key] - target[key]) < 0.1, key);
    }
  });

  it('turns the short way round', () => {
    const { roll } = nextCrop({ ...CROP, roll: 3.1 }, { ...CROP, roll: -3.1 });
    assert.ok(roll > 3.1 && roll < 2 * Math.PI - 3.1, `rolled to ${roll}`);
  });
});

describe('fitsCrop', () => {
  for (const { name, landmarks, fits } of [
    { name: 'the same place', landmarks: stickFace(), fits: true },
    { name: 'a little aside', landmarks: movedFace(stickFace(), 0, 1, 6, -3), fits: true },
    { name: 'far aside', landmarks: movedFace(stickFace(), 0, 1, 50, 0), fits: false },
    { name: 'twice as large', landmarks: movedFace(stickFace(), 0, 2, 0, 0), fits: false },
    { name: 'half as large', landmarks: movedFace(stickFace(), 0, 0.5, 0, 0), fits: false },
    { name: 'one point', landmarks: new Float32Array(136).fill(140), fits: false },
    { name: 'not numbers', landmarks: new Float32Array(136).fill(Number.NaN), fits: false },
  ]) {
    it(`is ${fits} for landmarks at ${name}`, () => {
      assert.equal(fitsCrop(cropAround(landmarks), CROP), fits);
    });
  }
});
