import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eyeRoll, landmarkBox } from '../../../src/perception/landmarks/landmarks68.js';
import { movedFace, stickFace } from '../../support/stick_face.js';

it('landmarkBox is the smallest box around the points', () => {
  assert.deepEqual(landmarkBox(stickFace()), { x: 70, y: 60, width: 60, height: 80 });
});

it('eyeRoll is the angle by which the face is turned', () => {
  for (const roll of [0, 0.5, -0.7, 3]) {
    assert.ok(Math.abs(eyeRoll(movedFace(stickFace(), roll, 2, 5, 40)) - roll) < 1e-5);
  }
});
