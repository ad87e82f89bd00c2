import type { Box } from '../faces/box.js';
import type { ImageSquare } from '../image/sample_square.js';

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

/**
 * A square about a face, upright with its eyes.
 *
 * @param side over the longer side of the landmarks' box in the face's own axes
 * @param shiftDown how far its centre lies below the box's centre, over its own side
 */
export function squareAround(landmarks: Landmarks68, side: number, shiftDown = 0): ImageSquare {
  const roll = eyeRoll(landmarks);
  const { low, high } = landmarkExtent(landmarks, roll);
  const length = side * Math.max(high.x - low.x, high.y - low.y);
  const u = (low.x + high.x) / 2;
  const v = (low.y + high.y) / 2 + shiftDown * length;
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  return { centerX: cos * u - sin * v, centerY: sin * u + cos * v, side: length, roll };
}
