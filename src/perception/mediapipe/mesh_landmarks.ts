import type { ImageSquare } from '../image/sample_square.js';
import { LANDMARKS } from '../landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';

/**
 * The points of a face mesh, (468, 3) flat: x and y in pixels of the image, z in the same unit (smaller is nearer to the
 * camera, 0 at the head's middle).
 */
export type FaceMesh = Float32Array;

/** For each of the 68 landmarks in dlib's order, the point of the mesh in its place. */
export const MESH_LANDMARKS: readonly number[] = [
  // Jaw.
  ...[162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389],
  // Brows.
  ...[71, 63, 105, 66, 107, 336, 296, 334, 293, 301],
  // Nose.
  ...[168, 197, 5, 4, 75, 97, 2, 326, 305],
  // Eyes.
  ...[33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380],
  // Lips, outer and inner.
  ...[61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181],
  ...[78, 82, 13, 312, 308, 317, 14, 87],
];

/** The outer corners of the subject's right and left eye. */
const RIGHT_EYE = 33;
const LEFT_EYE = 263;

/** The side of a face's square over the longer side of the box around it. */
export const SQUARE_SIDE = 1.5;

/** The 68 landmarks of a mesh. */
export function landmarksOfMesh(mesh: FaceMesh): Landmarks68 {
  const landmarks = new Float32Array(2 * LANDMARKS);
  MESH_LANDMARKS.forEach((point, landmark) => {
    landmarks[2 * landmark] = mesh[3 * point]!;
    landmarks[2 * landmark + 1] = mesh[3 * point + 1]!;
  });
  return landmarks;
}

/**
 * The square in which a face's points are looked for in the next image: about the middle of the upright box around its
 * points, half as long again as that box, turned as the eyes are.
 */
export function squareAroundMesh(mesh: FaceMesh): ImageSquare {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let at = 0; at < mesh.length; at += 3) {
    const x = mesh[at]!;
    const y = mesh[at + 1]!;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const dx = mesh[3 * LEFT_EYE]! - mesh[3 * RIGHT_EYE]!;
  const dy = mesh[3 * LEFT_EYE + 1]! - mesh[3 * RIGHT_EYE + 1]!;
  return {
    centerX: (left + right) / 2,
    centerY: (top + bottom) / 2,
    side: SQUARE_SIDE * Math.max(right - left, bottom - top),
    roll: Math.atan2(dy, dx),
  };
}
