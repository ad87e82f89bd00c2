import type { Box } from '../faces/box.js';
import type { ImageSquare } from '../image/sample_square.js';
import { DETECTOR_BOX_SIDE, eyeRoll, type Landmarks68, landmarkExtent } from '../landmarks/landmarks68.js';

/** The side of the crop square over the longer side of the landmarks' box (in the face's own axes). */
const CROP_SIDE = 1.4;
/** How far the crop's centre lies below the box's centre, over the crop's side. */
const CROP_SHIFT_DOWN = 0.08;
/** The landmarks' crop over the detector's box. */
export const CROP_SIDE_OVER_BOX = CROP_SIDE / DETECTOR_BOX_SIDE;
/**
 * How much of a new crop is taken over in each image: the place almost at once, so that a moving face stays inside;
 * size and roll slowly, as they hardly change and their noise would shake the landmarks.
 */
const PLACE_GAIN = 0.7;
const SIZE_GAIN = 0.3;
/**
 * Landmarks whose own crop differs from the one they were found in by more than this are doubtful: a factor of the side,
 * and a part of the side.
 */
const DOUBTFUL_SCALE = 1.35;
const DOUBTFUL_SHIFT = 0.25;

/**
 * The square that face-api.js's network finds the landmarks of a face best in, given where they were: upright with its
 * eyes, CROP_SIDE as large as the landmarks' box. With these numbers the network gives its lowest error on 74 people's
 * stills when its own points set the crop again and again (0.061 of the outer eye corners' distance, against 0.068 from a
 * detector's box), and neither grows nor shrinks.
 */
export function cropAround(landmarks: Landmarks68): ImageSquare {
  const roll = eyeRoll(landmarks);
  const { low, high } = landmarkExtent(landmarks, roll);
  const side = CROP_SIDE * Math.max(high.x - low.x, high.y - low.y);
  const u = (low.x + high.x) / 2;
  const v = (low.y + high.y) / 2 + CROP_SHIFT_DOWN * side;
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  return { centerX: cos * u - sin * v, centerY: sin * u + cos * v, side, roll };
}

/** The square that the landmarks are looked for in first, given the detector's box. */
export function cropAroundBox({ x, y, width, height }: Box, roll: number): ImageSquare {
  const side = Math.max(width, height) * CROP_SIDE_OVER_BOX;
  return { centerX: x + width / 2, centerY: y + height / 2, side, roll };
}

/** False when landmarks do not fit the crop that they were found in: no face there, or one that moved much. */
export function fitsCrop(ownCrop: ImageSquare, crop: ImageSquare): boolean {
  const scale = ownCrop.side / crop.side;
  const shift = Math.hypot(ownCrop.centerX - crop.centerX, ownCrop.centerY - crop.centerY);
  return scale < DOUBTFUL_SCALE && scale > 1 / DOUBTFUL_SCALE && shift < DOUBTFUL_SHIFT * crop.side;
}

/** The crop for the next image, with some inertia: between the one that landmarks were found in and their own. */
export function nextCrop(crop: ImageSquare, ownCrop: ImageSquare): ImageSquare {
  const turn = Math.atan2(Math.sin(ownCrop.roll - crop.roll), Math.cos(ownCrop.roll - crop.roll));
  return {
    centerX: crop.centerX + PLACE_GAIN * (ownCrop.centerX - crop.centerX),
    centerY: crop.centerY + PLACE_GAIN * (ownCrop.centerY - crop.centerY),
    side: crop.side + SIZE_GAIN * (ownCrop.side - crop.side),
    roll: crop.roll + SIZE_GAIN * turn,
  };
}
