import type { Box } from '../faces/box.js';

/**
 * The landmarks of a face in dlib's order (iBUG 300-W), x0, y0, x1, y1, ... in pixels: 0-16 jaw, 17-26 brows, 27-35 nose, 36-41 and 42-47 the eyes
 * (the subject's right one first), 48-59 outer and 60-67 inner lips.
 */
export type Landmarks68 = Float32Array;

const NOSE_TIP = 30;
/** The subject's right one first. */
export const OUTER_EYE_CORNERS = [36, 45] as const;

/** Radians by which the line through the eyes' centres is turned from the image's x axis (clockwise as seen). */
export function eyeRoll(landmarks: Landmarks68): number {
  let dx = 0;
  let dy = 0;
  for (let point = 36; point < 42; point++) {
    dx += landmarks[2 * (point + 6)]! - landmarks[2 * point]!;
    dy += landmarks[2 * (point + 6) + 1]! - landmarks[2 * point + 1]!;
  }
  return Math.atan2(dy, dx);
}

/** The distance between the outer corners of the eyes, in the landmarks' unit; of several faces, the first one's. */
export function eyeDistance(landmarks: Landmarks68): number {
  return Math.hypot(landmarks[2 * 45]! - landmarks[2 * 36]!, landmarks[2 * 45 + 1]! - landmarks[2 * 36 + 1]!);
}

/** How far the nose's tip is from the middle of the eyes' outer corners along x (0) or y (1), in the landmarks' unit. */
export function noseOffset(landmarks: Landmarks68, coordinate: 0 | 1): number {
  const [right, left] = OUTER_EYE_CORNERS;
  const middle = (landmarks[2 * right + coordinate]! + landmarks[2 * left + coordinate]!) / 2;
  return landmarks[2 * NOSE_TIP + coordinate]! - middle;
}

/** The smallest box around the landmarks. */
export function landmarkBox(landmarks: Landmarks68): Box {
  const { low, high } = landmarkExtent(landmarks, 0);
  return { x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y };
}

/** The length of a detector's box over that of the landmarks' box. */
export const DETECTOR_BOX_SIDE = 1.2;

/** The landmarks' extent along axes turned by an angle in radians. */
export function landmarkExtent(landmarks: Landmarks68, angle: number) {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const low = { x: Infinity, y: Infinity };
  const high = { x: -Infinity, y: -Infinity };
  for (let at = 0; at < landmarks.length; at += 2) {
    const u = cos * landmarks[at]! + sin * landmarks[at + 1]!;
    const v = cos * landmarks[at + 1]! - sin * landmarks[at]!;
    if (u < low.x) low.x = u;
    if (u > high.x) high.x = u;
    if (v < low.y) low.y = v;
    if (v > high.y) high.y = v;
  }
  return { low, high };
}
