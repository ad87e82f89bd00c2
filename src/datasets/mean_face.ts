import { ALL_LANDMARKS, LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { OUTER_EYE_CORNERS } from '../perception/landmarks/landmarks68.js';
import { applySimilarity, fitSimilarity } from '../perception/window/similarity_transform.js';

const ROUNDS = 5;

/**
 * The mean of faces up to shift, scale and rotation (generalised Procrustes analysis, Gower 1975), upright, with the
 * eyes' outer corners 1 apart and the mean of its points at the origin.
 *
 * @param faces each (68, 2), flat; at least one
 */
export function meanFace(faces: readonly Float32Array[]): Float32Array {
  let mean = standardised(faces[0]!);
  const aligned = new Float32Array(2 * LANDMARKS);
  for (let round = 0; round < ROUNDS; round++) {
    const sum = new Float32Array(2 * LANDMARKS);
    for (const face of faces) {
      applySimilarity(fitSimilarity(face, mean, ALL_LANDMARKS), face, 0, aligned, 0, LANDMARKS);
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + aligned[i]! / faces.length;
    }
    mean = standardised(sum);
  }
  return mean;
}

/** A face as metadata hold it: six decimals, far below what moves an answer. */
export function faceForMetadata(face: Float32Array): number[] {
  return Array.from(face, (value) => Number(value.toFixed(6)));
}

/** The same face upright, centred, with the eyes' outer corners at distance 1. */
function standardised(face: Float32Array): Float32Array {
  const [left, right] = OUTER_EYE_CORNERS;
  const dx = face[2 * right]! - face[2 * left]!;
  const dy = face[2 * right + 1]! - face[2 * left + 1]!;
  const square = dx * dx + dy * dy;
  const turn = { a: dx / square, b: -dy / square, tx: 0, ty: 0 };
  const turned = new Float32Array(face.length);
  applySimilarity(turn, face, 0, turned, 0, LANDMARKS);
  const centre = [0, 0];
  for (let i = 0; i < turned.length; i++) centre[i % 2] = centre[i % 2]! + turned[i]! / LANDMARKS;
  return turned.map((value, i) => value - centre[i % 2]!);
}
