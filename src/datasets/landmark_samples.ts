import { FIRST_INNER_LANDMARK, LANDMARKS, NOSE_BASE } from '../perception/landmarks/dlib_landmarks.js';

/** Which landmarks samples have: without the jaw, or all. */
export type SamplePoints = 'inner' | 'all';

/** Number of points V. */
export function pointsOf(points: SamplePoints): number {
  return points === 'all' ? LANDMARKS : LANDMARKS - FIRST_INNER_LANDMARK;
}

/** The point below the nose, among a sample's points. */
export function noseBaseOf(points: SamplePoints): number {
  return points === 'all' ? NOSE_BASE : NOSE_BASE - FIRST_INNER_LANDMARK;
}

/**
 * A sample of landmarks: in each frame the point below the nose is the origin.
 *
 * @param frames (T, 68, 2) in pixels, flat
 * @returns (2, T, V, 1), flat, in pixels
 */
export function centredSample(frames: Float32Array, points: SamplePoints): Float32Array {
  const face = 2 * LANDMARKS;
  const count = frames.length / face;
  const vertices = pointsOf(points);
  const first = LANDMARKS - vertices;
  const sample = new Float32Array(2 * count * vertices);
  for (let axis = 0; axis < 2; axis++) {
    for (let frame = 0; frame < count; frame++) {
      const origin = frames[frame * face + 2 * NOSE_BASE + axis]!;
      for (let point = 0; point < vertices; point++) {
        const value = frames[frame * face + 2 * (first + point) + axis]!;
        sample[(axis * count + frame) * vertices + point] = value - origin;
      }
    }
  }
  return sample;
}

/**
 * The frames of a sequence that make a sample of T: the first frame, then the last T - 1. Of a sequence with fewer frames, the
 * first one is repeated: with four frames of five the sample is first, first and the last three.
 *
 * @param count of the sequence; @param wanted T
 * @returns T positions, 0 .. count - 1
 */
export function firstAndLastPositions(count: number, wanted: number): number[] {
  return Array.from({ length: wanted }, (_, i) => (i === 0 ? 0 : Math.max(0, count - wanted + i)));
}

/** How a clip becomes T frames. */
export const CLIP_FITS = ['repeat', 'resample'] as const;

export type ClipFit = (typeof CLIP_FITS)[number];

/**
 * A clip of any length as T frames: `repeat` starts again at its end, and ends after T; `resample` spreads the clip over T
 * frames, each in a straight line between its neighbours.
 *
 * @param frames (count, size), flat, at least one; @param size of a frame; @param wanted T
 * @returns (T, size), flat
 */
export function fitClip(frames: Float32Array, size: number, wanted: number, fit: ClipFit): Float32Array {
  const count = frames.length / size;
  const result = new Float32Array(wanted * size);
  for (let i = 0; i < wanted; i++) {
    const time = fit === 'repeat' ? i % count : wanted === 1 ? 0 : (i * (count - 1)) / (wanted - 1);
    const before = Math.floor(time);
    const share = time - before;
    const from = frames.subarray(before * size, (before + 1) * size);
    const to = share === 0 ? from : frames.subarray((before + 1) * size, (before + 2) * size);
    for (let at = 0; at < size; at++) result[i * size + at] = from[at]! + share * (to[at]! - from[at]!);
  }
  return result;
}
