import type { ImageSquare } from '../image/sample_square.js';

/**
 * How much of a new square is taken over in each image: the place almost at once, so that a moving face stays inside;
 * size and roll slowly, as they hardly change and their noise would shake the landmarks.
 */
const PLACE_GAIN = 0.7;
const SIZE_GAIN = 0.3;
/**
 * Landmarks whose own square differs from the one they were found in by more than this are doubtful: a factor of the side,
 * and a part of the side.
 */
const DOUBTFUL_SCALE = 1.35;
const DOUBTFUL_SHIFT = 0.25;

/** False when landmarks do not fit the square that they were found in: no face there, or one that moved much. */
export function fitsSquare(own: ImageSquare, square: ImageSquare): boolean {
  const scale = own.side / square.side;
  const shift = Math.hypot(own.centerX - square.centerX, own.centerY - square.centerY);
  return scale < DOUBTFUL_SCALE && scale > 1 / DOUBTFUL_SCALE && shift < DOUBTFUL_SHIFT * square.side;
}

/** The square for the next image, with some inertia: between the one that landmarks were found in and their own. */
export function nextSquare(square: ImageSquare, own: ImageSquare): ImageSquare {
  const turn = Math.atan2(Math.sin(own.roll - square.roll), Math.cos(own.roll - square.roll));
  return {
    centerX: square.centerX + PLACE_GAIN * (own.centerX - square.centerX),
    centerY: square.centerY + PLACE_GAIN * (own.centerY - square.centerY),
    side: square.side + SIZE_GAIN * (own.side - square.side),
    roll: square.roll + SIZE_GAIN * turn,
  };
}
