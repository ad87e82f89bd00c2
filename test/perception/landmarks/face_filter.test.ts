import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { FaceFilter } from '../../../src/perception/landmarks/face_filter.js';
import { landmarksOfMesh } from '../../../src/perception/mediapipe/mesh_landmarks.js';
import { stickFace } from '../../support/stick_face.js';

describe('FaceFilter', () => {
  it('steadies a face of 68 points', () => {
    const random = new SeededRandom(1);
    const still = stickFace();
    const filter = new FaceFilter();
    const trembling = (points: Float32Array) =>
      Math.sqrt(points.reduce((sum, value, at) => sum + (value - still[at]!) ** 2, 0) / points.length);
    let before = 0;
    let after = 0;
    for (let image = 0; image < 60; image++) {
      const landmarks = still.map((value) => value + 0.3 * random.normal());
      const filtered = filter.filter({ landmarks, mesh: undefined }, image / 30, 80);
      assert.equal(filtered.mesh, undefined);
      if (image < 10) continue;
      before += trembling(landmarks);
      after += trembling(filtered.landmarks);
    }
    assert.ok(after < 0.7 * before, `${after / before} of the trembling is left`);
  });

  it('gives the landmarks of the filtered mesh', () => {
    const random = new SeededRandom(2);
    const filter = new FaceFilter();
    for (let image = 0; image < 3; image++) {
      const mesh = Float32Array.from({ length: 468 * 3 }, () => 100 * random.normal());
      const filtered = filter.filter({ landmarks: landmarksOfMesh(mesh), mesh }, image / 30, 100);
      assert.deepEqual(filtered.landmarks, landmarksOfMesh(filtered.mesh!));
      if (image > 0) assert.notDeepEqual(filtered.mesh, mesh);
    }
  });
});
