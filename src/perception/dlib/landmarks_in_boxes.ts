import { InvalidInputError } from '../../errors.js';
import type { GreyImage } from '../image/grey_image.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { type BoxTransform, pointsInImage, predictShape } from './predict_shape.js';
import type { ShapePredictor } from './shape_predictor.js';

/**
 * A face's place as dlib gives it, in pixels, all four edges inclusive: a rectangle of one pixel has left = right. The
 * middle of the image's first pixel is at 0. It may reach over the image's edges.
 */
export interface DlibBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Larger coordinates (in pixels) are refused: single precision could not tell neighbouring pixels any more. */
export const LARGEST_COORDINATE = 2 ** 22;

/**
 * dlib's 68 landmarks of the faces in boxes of an image. Rounded to whole pixels they are those of dlib, for the same
 * image and box (whole numbers); the fraction is kept. No coordinate is half a pixel exactly, so that every rule of
 * rounding gives dlib's.
 *
 * @param predictor of readShapePredictor
 * @param image grey, or RGB, from which greys are made as dlib does: the mean of the channels, rounded down
 * @returns the points of each box, (68, 2) in pixels, where the middle of the image's first pixel is at 0
 * @throws InvalidInputError where a box is turned over, or the image has neither one nor three bytes for a pixel
 */
export function landmarksInBoxes(
  predictor: ShapePredictor,
  image: GreyImage | RgbImage,
  boxes: readonly DlibBox[],
): Landmarks68[] {
  return boxes.map((box, index) => {
    checkBox(box, `box ${index}`);
    const transform = boxTransform(box);
    return wholeAsRounded(pointsInImage(predictShape(predictor, image, transform), transform));
  });
}

/**
 * @param origin where the box came from, for the error
 * @throws InvalidInputError naming the edge that is not a number in range, or lies on the wrong side of the opposite one
 */
export function checkBox(box: DlibBox, origin: string): void {
  for (const edge of ['left', 'top', 'right', 'bottom'] as const) {
    const value = box[edge];
    if (!(Math.abs(value) <= LARGEST_COORDINATE)) {
      throw new InvalidInputError(edge, value, `from ${-LARGEST_COORDINATE} to ${LARGEST_COORDINATE} pixels`, origin);
    }
  }
  const { left, top, right, bottom } = box;
  if (right < left) throw new InvalidInputError('right', right, `at least left, which is ${left}`, origin);
  if (bottom < top) throw new InvalidInputError('bottom', bottom, `at least top, which is ${top}`, origin);
}

function boxTransform({ left, top, right, bottom }: DlibBox): BoxTransform {
  return { xx: right - left, xy: 0, x0: left, yx: 0, yy: bottom - top, y0: top };
}

/** Points in single precision that lie on the same side of the middle between two pixels as in double precision. */
function wholeAsRounded(points: Float64Array): Float32Array {
  const rounded = new Float32Array(points.length);
  points.forEach((value, at) => {
    rounded[at] = value;
    // Half a pixel exactly is rounded up by dlib, to the even number by NumPy, away from 0 by others.
    const half = rounded[at]! - Math.floor(rounded[at]!) === 0.5;
    if (half) rounded[at]! += (value < rounded[at]! ? -1 : 1) * Math.max(1, Math.abs(value)) * 2 ** -23;
  });
  return rounded;
}
