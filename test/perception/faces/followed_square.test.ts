import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cropAround } from '../../../src/perception/face_api/landmark_crop.js';
import { fitsSquare, nextSquare } from '../../../src/perception/faces/followed_square.js';
import { movedFace, stickFace } from '../../support/stick_face.js';

const SQUARE = cropAround(stickFace());

describe('nextSquare', () => {
  it('follows with some inertia, until it is there', () => {
    const target = cropAround(movedFace(stickFace(), 0.2, 1.5, 10, 0));
    let square = nextSquare(SQUARE, target);
    assert.ok(square.centerX > SQUARE.centerX + 3 && square.centerX < target.centerX);
    assert.ok(square.side > SQUARE.side && square.side < target.side);
    for (let image = 0; image < 30; image++) square = nextSquare(square, target);
    for (const key of ['centerX', 'centerY', 'side', 'roll'] as const) {
      assert.ok(Math.abs(square[key] - target[key]) < 0.1, key);
    }
  });

  it('turns the short way round', () => {
    const { roll } = nextSquare({ ...SQUARE, roll: 3.1 }, { ...SQUARE, roll: -3.1 });
    assert.ok(roll > 3.1 && roll < 2 * Math.PI - 3.1, `rolled to ${roll}`);
  });
});

describe('fitsSquare', () => {
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
      assert.equal(fitsSquare(cropAround(landmarks), SQUARE), fits);
    });
  }
});
