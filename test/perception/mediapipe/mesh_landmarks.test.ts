import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MIRRORED_LANDMARKS } from '../../../src/perception/landmarks/dlib_landmarks.js';
import { MESH_POINTS } from '../../../src/perception/mediapipe/face_mesh_network.js';
import {
  type FaceMesh,
  landmarksOfMesh,
  MESH_LANDMARKS,
  squareAroundMesh,
} from '../../../src/perception/mediapipe/mesh_landmarks.js';

/** A mesh whose points all lie on one place, but for some. */
function meshOf(
  place: readonly [number, number],
  others: Readonly<Record<number, readonly [number, number]>>,
): FaceMesh {
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (let point = 0; point < MESH_POINTS; point++) mesh.set(others[point] ?? place, 3 * point);
  return mesh;
}

describe('landmarksOfMesh', () => {
  it('takes x and y of the point in the place of each landmark', () => {
    const mesh = Float32Array.from({ length: MESH_POINTS * 3 }, (_, at) => at);
    const landmarks = landmarksOfMesh(mesh);
    assert.equal(landmarks.length, 136);
    // The tip of the nose, the subject's right outer eye corner and right mouth corner.
    for (const [landmark, point] of [
      [30, 4],
      [36, 33],
      [48, 61],
    ] as const) {
      assert.deepEqual([...landmarks.subarray(2 * landmark, 2 * landmark + 2)], [3 * point, 3 * point + 1]);
    }
  });

  it('takes 68 different points of the mesh', () => {
    assert.equal(new Set(MESH_LANDMARKS).size, 68);
    assert.ok(MESH_LANDMARKS.every((point) => point >= 0 && point < MESH_POINTS));
  });

  it('takes mirrored points for the brows, eyes and lips of either side', () => {
    // The mesh's own pairs, from its drawing: brows, eyes and lips of the subject's right and left.
    const pairs = [
      ...[
        [71, 301],
        [63, 293],
        [105, 334],
        [66, 296],
        [107, 336],
      ],
      ...[
        [33, 263],
        [160, 387],
        [158, 385],
        [133, 362],
        [153, 380],
        [144, 373],
      ],
      ...[
        [61, 291],
        [39, 269],
        [37, 267],
        [84, 314],
        [181, 405],
        [78, 308],
        [82, 312],
        [87, 317],
      ],
    ] as const;
    const mirror = new Map<number, number>();
    for (const [right, left] of pairs) mirror.set(right, left).set(left, right);
    for (const [landmark, point] of MESH_LANDMARKS.entries()) {
      const mirrored = MESH_LANDMARKS[MIRRORED_LANDMARKS[landmark]!]!;
      if (landmark < 17 || (landmark >= 27 && landmark < 36) || mirrored === point) continue;
      assert.equal(mirrored, mirror.get(point), `landmark ${landmark}`);
    }
  });
});

describe('squareAroundMesh', () => {
  it('is about the middle of the upright box, half as long again as its longer side', () => {
    const square = squareAroundMesh(
      meshOf([30, 40], { 10: [30, 20], 152: [30, 100], 234: [10, 60], 33: [20, 40], 263: [40, 40], 454: [50, 60] }),
    );
    assert.deepEqual(square, { centerX: 30, centerY: 60, side: 120, roll: 0 });
  });

  it('is turned as the outer corners of the eyes are', () => {
    for (const roll of [-3, -1, 0.25, 1.5]) {
      const corners = { 33: [-Math.cos(roll), -Math.sin(roll)], 263: [Math.cos(roll), Math.sin(roll)] } as const;
      assert.ok(Math.abs(squareAroundMesh(meshOf([0, 0], corners)).roll - roll) < 1e-6);
    }
  });
});
