import { InvalidInputError } from '../../errors.js';
import type { GreyImage } from '../image/grey_image.js';
import type { RgbImage } from '../image/rgb_image.js';
import { ALL_LANDMARKS } from '../landmarks/dlib_landmarks.js';
import { fitSimilarity } from '../window/similarity_transform.js';
import { LeafAdder, SHAPE_VALUES } from './leaf_memory.js';
import type { ShapePredictor } from './shape_predictor.js';

/**
 * Takes points from units of the box to pixels: x' = xx x + xy y + x0, y' = yx x + yy y + y0, where a pixel's middle is at
 * whole numbers.
 */
export interface BoxTransform {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** What a run needs beside the model; only one run uses it at a time. */
interface Work {
  /** (pixels): greys that the trees compare. */
  readonly greys: Uint8Array;
  readonly adder: LeafAdder;
}

const works = new WeakMap<ShapePredictor, Work>();

/**
 * Finds the points of a face, as dlib does, in single precision where dlib does: from the initial shape on, the trees of
 * each cascade compare pixels near the points so far, and each adds a little to the points.
 *
 * @param image grey, or RGB: then a grey is the mean of the three channels, rounded down; 0 outside of the image
 * @returns (136), in units of the box
 * @throws InvalidInputError where the image has neither one nor three bytes for a pixel
 */
export function predictShape(predictor: ShapePredictor, image: GreyImage | RgbImage, box: BoxTransform): Float32Array {
  const channels = channelsOf(image);
  const { greys, adder } = workOf(predictor);
  return adder.run(({ shape, ends, add }) => {
    shape.set(predictor.initialShape);
    for (let cascade = 0; cascade < predictor.cascades; cascade++) {
      lookUpGreys(predictor, cascade, image, channels, box, shape, greys);
      findEnds(predictor, cascade, greys, ends);
      add();
    }
    return Float32Array.from(shape);
  });
}

function workOf(predictor: ShapePredictor): Work {
  const known = works.get(predictor);
  if (known !== undefined) return known;
  const work = { greys: new Uint8Array(predictor.pixels), adder: new LeafAdder(predictor, predictor.trees) };
  works.set(predictor, work);
  return work;
}

/** Points in units of the box, (136), in pixels. */
export function pointsInImage(shape: Float32Array, { xx, xy, x0, yx, yy, y0 }: BoxTransform): Float64Array {
  const points = new Float64Array(SHAPE_VALUES);
  for (let at = 0; at < SHAPE_VALUES; at += 2) {
    points[at] = xx * shape[at]! + xy * shape[at + 1]! + x0;
    points[at + 1] = yx * shape[at]! + yy * shape[at + 1]! + y0;
  }
  return points;
}

function channelsOf({ data, width, height }: GreyImage | RgbImage): 1 | 3 {
  if (data.length === width * height) return 1;
  if (data.length === width * height * 3) return 3;
  const expected = `${width * height} bytes (grey) or ${width * height * 3} (RGB) for ${width} x ${height} pixels`;
  throw new InvalidInputError("the length of the image's data", data.length, expected, 'the image');
}

/** The greys of a cascade's pixels, which go along with the shape's points and turn and grow with the shape. */
function lookUpGreys(
  { initialShape, anchors, deltas, pixels }: ShapePredictor,
  cascade: number,
  { data, width, height }: GreyImage | RgbImage,
  channels: 1 | 3,
  { xx, xy, x0, yx, yy, y0 }: BoxTransform,
  shape: Float32Array,
  greys: Uint8Array,
): void {
  const { a, b } = fitSimilarity(initialShape, shape, ALL_LANDMARKS);
  const cos = Math.fround(a);
  const sin = Math.fround(b);
  const first = cascade * pixels;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const anchor = 2 * anchors[first + pixel]!;
    const dx = deltas[2 * (first + pixel)]!;
    const dy = deltas[2 * (first + pixel) + 1]!;
    const turnedX = Math.fround(Math.fround(cos * dx) + Math.fround(-sin * dy));
    const turnedY = Math.fround(Math.fround(sin * dx) + Math.fround(cos * dy));
    const x = Math.fround(turnedX + shape[anchor]!);
    const y = Math.fround(turnedY + shape[anchor + 1]!);
    const column = Math.floor(xx * x + xy * y + x0 + 0.5);
    const row = Math.floor(yx * x + yy * y + y0 + 0.5);
    let grey = 0;
    if (column >= 0 && column < width && row >= 0 && row < height) {
      const at = (row * width + column) * channels;
      grey = channels === 1 ? data[at]! : Math.trunc((data[at]! + data[at + 1]! + data[at + 2]!) / 3);
    }
    greys[pixel] = grey;
  }
}

/** Goes down each tree of a cascade. @param ends where the addresses of the leaves go */
function findEnds(
  { trees, depth, firstPixels, secondPixels, thresholds, leaves }: ShapePredictor,
  cascade: number,
  greys: Uint8Array,
  ends: Int32Array,
): void {
  const splits = 2 ** depth - 1;
  const start = leaves.byteOffset;
  const leafBytes = SHAPE_VALUES * leaves.BYTES_PER_ELEMENT;
  for (let tree = 0; tree < trees; tree++) {
    const place = cascade * trees + tree;
    const root = place * splits;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const split = root + node;
      const difference = greys[firstPixels[split]!]! - greys[secondPixels[split]!]!;
      // The sign bit: 1 where the difference is above. A branch would be foretold wrongly half of the time.
      node = 2 * node + 2 - ((thresholds[split]! - difference) >>> 31);
    }
    ends[tree] = start + (place * (splits + 1) + node - splits) * leafBytes;
  }
}
