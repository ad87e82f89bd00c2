import { InvalidInputError } from '../../errors.js';
import type { RgbImage } from './rgb_image.js';
import { type ImageRegion, type SampleGrid, samplingKernel } from './sampling_kernel.js';

/** A square of an image, upright or turned; it may reach over the image's edges. */
export interface ImageSquare {
  /** Pixels, the middle of the square; the image's left edge is 0, the middle of its first pixel 0.5. */
  readonly centerX: number;
  /** Pixels. */
  readonly centerY: number;
  /** Pixels, the length of an edge. */
  readonly side: number;
  /** Radians by which the square is turned, from the x towards the y axis (clockwise as seen). */
  readonly roll: number;
}

/** How sampleSquare fills the result. */
export interface SampleOptions {
  /** What lies outside the image: black, or the nearest pixel of the image's edge. */
  readonly border?: 'black' | 'edge';
  /** What a byte of 0 and one of 255 become; 0 and 255 by default. */
  readonly range?: readonly [low: number, high: number];
  /** Where (size, size, 3) values are written; a new array by default. */
  readonly target?: Float32Array;
  /**
   * Pixels of the image that one sample stands for at most, in each direction; where the square is finer than the
   * result by more, several samples are averaged for each value, so that nothing aliases. 2 by default.
   */
  readonly maxStep?: number;
}

/** Bytes of an image that are looked at together, where more than one pixel of the result comes of them. */
const LARGEST_REGION = 2 ** 24;

/**
 * Resamples a square of an image to size x size pixels, bilinear, each sample as OpenCV's warpPerspective gives it: its place rounded
 * to 1/32 of a pixel, its value to a byte. MediaPipe has its networks' inputs sampled so; with exact samples our detector's boxes were four
 * times as far from MediaPipe's own, and single ones off by 2 % of their side.
 *
 * @returns (size, size, 3), options.target where it is given
 * @throws InvalidInputError when the square's numbers are not finite, or the image has more or fewer bytes than its size says
 */
export function sampleSquare(
  image: RgbImage,
  square: ImageSquare,
  size: number,
  options: SampleOptions = {},
): Float32Array {
  const { border = 'black', range = [0, 255], maxStep = 2, target = new Float32Array(size * size * 3) } = options;
  const { data, width, height } = image;
  if (!(width >= 1 && height >= 1) || data.length !== width * height * 3) {
    const expected = '3 bytes for each of 1 pixel or more';
    throw new InvalidInputError(
      'the image',
      { width, height, bytes: data.length },
      expected,
      'the argument of sampleSquare',
    );
  }
  if (!Number.isFinite(square.centerX + square.centerY + square.side + square.roll)) {
    throw new InvalidInputError('square', square, 'finite numbers', 'the argument of sampleSquare');
  }
  const scale = square.side / size;
  const samples = Math.max(1, Math.ceil(scale / maxStep - 1e-9));
  const stepX = (scale / samples) * Math.cos(square.roll);
  const stepY = (scale / samples) * Math.sin(square.roll);
  const middle = (size * samples - 1) / 2;
  const grid: SampleGrid = {
    x: square.centerX - 0.5 - middle * stepX + middle * stepY,
    y: square.centerY - 0.5 - middle * stepY - middle * stepX,
    stepX,
    stepY,
    samples,
    columns: size,
    rows: size,
    low: range[0],
    gain: (range[1] - range[0]) / 255,
  };
  sampleGrid(image, grid, border === 'edge' ? 0 : 1, size, 0);
  target.set(samplingKernel().results(size * size * 3));
  return target;
}

/**
 * Samples a grid into a part of the kernel's results, in halves as long as they look at too large a region.
 *
 * @param margin pixels about the image that belong to it, black
 * @param first the place of the grid's first pixel among the size * size of the results
 */
function sampleGrid(image: RgbImage, grid: SampleGrid, margin: 0 | 1, size: number, first: number): void {
  const { x, y, stepX, stepY, samples, columns, rows } = grid;
  const region = regionOf(image, grid, margin);
  if (region.width * region.height * 3 <= LARGEST_REGION || columns * rows === 1) {
    samplingKernel().sample(image, region, grid, size, first);
  } else if (columns > rows) {
    const half = columns >> 1;
    const next = { ...grid, x: x + half * samples * stepX, y: y + half * samples * stepY, columns: columns - half };
    sampleGrid(image, { ...grid, columns: half }, margin, size, first);
    sampleGrid(image, next, margin, size, first + half);
  } else {
    const half = rows >> 1;
    const next = { ...grid, x: x - half * samples * stepY, y: y + half * samples * stepX, rows: rows - half };
    sampleGrid(image, { ...grid, rows: half }, margin, size, first);
    sampleGrid(image, next, margin, size, first + half * size);
  }
}

/** The pixels that a grid's samples lie between, or of the image those next to them; one at least. */
function regionOf({ width, height }: RgbImage, grid: SampleGrid, margin: 0 | 1): ImageRegion {
  const across = grid.columns * grid.samples - 1;
  const down = grid.rows * grid.samples - 1;
  const [left, right] = pixelsBetween(grid.x, across * grid.stepX, -down * grid.stepY, width, margin);
  const [top, bottom] = pixelsBetween(grid.y, across * grid.stepY, down * grid.stepX, height, margin);
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The first and last pixel, along one axis, between which a grid lies that starts at a place and has two edges. */
function pixelsBetween(
  start: number,
  edge: number,
  otherEdge: number,
  length: number,
  margin: number,
): [first: number, last: number] {
  const inImage = (place: number) => Math.min(Math.max(place, -margin), length - 1 + margin);
  const low = start + Math.min(edge, 0) + Math.min(otherEdge, 0);
  const high = start + Math.max(edge, 0) + Math.max(otherEdge, 0);
  return [inImage(Math.floor(low)), inImage(Math.floor(high) + 1)];
}

/** How a square lies to another one. */
export interface SquareMove {
  /** Along the image's x, in sides of the square. */
  readonly right: number;
  /** Along the image's y, in sides. */
  readonly down: number;
  /** By which part of it the side grows. */
  readonly larger: number;
  /** Radians. */
  readonly turned: number;
}

/** A square moved, enlarged about its middle and turned. */
export function movedSquare({ centerX, centerY, side, roll }: ImageSquare, move: SquareMove): ImageSquare {
  return {
    centerX: centerX + move.right * side,
    centerY: centerY + move.down * side,
    side: side * (1 + move.larger),
    roll: roll + move.turned,
  };
}

/** Takes a point from a square's own coordinates (0 to 1 over each edge) to the image's, in pixels. */
export function squareToImage(square: ImageSquare, x: number, y: number): [x: number, y: number] {
  const u = (x - 0.5) * square.side;
  const v = (y - 0.5) * square.side;
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  return [square.centerX + cos * u - sin * v, square.centerY + sin * u + cos * v];
}
