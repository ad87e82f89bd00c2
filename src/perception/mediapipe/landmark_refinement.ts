/**
 * Which points of the face mesh the attention model's lips are, (x, y) each, in its order: outer contour, inner contour, then
 * the two between them; each the lower lip from the person's right to left, then the upper one without the corners. From
 * MediaPipe's graph tensors_to_face_landmarks_with_attention.
 */
const LIPS = [
  [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291],
  [185, 40, 39, 37, 0, 267, 269, 270, 409],
  [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308],
  [191, 80, 81, 82, 13, 312, 311, 310, 415],
  [76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306],
  [184, 74, 73, 72, 11, 302, 303, 304, 408],
  [62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292],
  [183, 42, 41, 38, 12, 268, 271, 272, 407],
].flat();

/** The same for one eye: its contour, the rings around it, and the eyebrow; lower line, then upper line, each time. */
const LEFT_EYE = [
  [33, 7, 163, 144, 145, 153, 154, 155, 133],
  [246, 161, 160, 159, 158, 157, 173],
  [130, 25, 110, 24, 23, 22, 26, 112, 243],
  [247, 30, 29, 27, 28, 56, 190],
  [226, 31, 228, 229, 230, 231, 232, 233, 244],
  [113, 225, 224, 223, 222, 221, 189],
  [35, 124, 46, 53, 52, 65],
  [143, 111, 117, 118, 119, 120, 121, 128, 245],
  [156, 70, 63, 105, 66, 107, 55, 193],
].flat();

/** The other eye, in the mirrored order. */
const RIGHT_EYE = [
  [263, 249, 390, 373, 374, 380, 381, 382, 362],
  [466, 388, 387, 386, 385, 384, 398],
  [359, 255, 339, 254, 253, 252, 256, 341, 463],
  [467, 260, 259, 257, 258, 286, 414],
  [446, 261, 448, 449, 450, 451, 452, 453, 464],
  [342, 445, 444, 443, 442, 441, 413],
  [265, 353, 276, 283, 282, 295],
  [372, 340, 346, 347, 348, 349, 350, 357, 465],
  [383, 300, 293, 334, 296, 336, 285, 417],
].flat();

/** What the attention model finds of N faces: x and y of the lips (N, 80, 2) and of the eyes (N, 71, 2), and all points. */
export interface AttentionLandmarks {
  /** (N, 468, 3). */
  readonly points: Float32Array;
  readonly lips: Float32Array;
  readonly leftEye: Float32Array;
  readonly rightEye: Float32Array;
}

/**
 * Puts the refined lips and eyes in place of the mesh's own, as MediaPipe's LandmarksRefinementCalculator does: x and y are
 * replaced, z stays.
 *
 * @returns points (N, 468, 3)
 */
export function refinedPoints({ points, lips, leftEye, rightEye }: AttentionLandmarks, count: number): Float32Array {
  const refined = points.slice();
  const size = points.length / count;
  for (let face = 0; face < count; face++) {
    replace(refined.subarray(face * size), lips, face, LIPS);
    replace(refined.subarray(face * size), leftEye, face, LEFT_EYE);
    replace(refined.subarray(face * size), rightEye, face, RIGHT_EYE);
  }
  return refined;
}

function replace(points: Float32Array, part: Float32Array, face: number, indices: readonly number[]): void {
  indices.forEach((point, i) => {
    const from = 2 * (face * indices.length + i);
    points[3 * point] = part[from]!;
    points[3 * point + 1] = part[from + 1]!;
  });
}
