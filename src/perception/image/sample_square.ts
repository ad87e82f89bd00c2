import type { RgbImage } from './rgb_image.js';

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

/** Pixels: images that are larger do not fit into the fixed-point numbers of the fast path. */
const LARGEST_FIXED = 32767;

/**
 * Resamples a square of an image to size x size pixels, bilinear.
 *
 * @returns (size, size, 3), options.target where it is given
 */
export function sampleSquare(
  image: RgbImage,
  square: ImageSquare,
  size: number,
  options: SampleOptions = {},
): Float32Array {
  const { border = 'black', range = [0, 255], maxStep = 2, target = new Float32Array(size * size * 3) } = options;
  const scale = square.side / size;
  const samples = Math.max(1, Math.ceil(scale / maxStep - 1e-9));
  const gain = (range[1] - range[0]) / 255 / (samples * samples);
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  // One step of a sample to the right moves by (stepX, stepY) in the image, one down by (-stepY, stepX).
  const stepX = (scale / samples) * cos;
  const stepY = (scale / samples) * sin;
  const middle = (size * samples - 1) / 2;
  const originX = square.centerX - 0.5 - middle * stepX + middle * stepY;
  const originY = square.centerY - 0.5 - middle * stepY - middle * stepX;
  target.fill(range[0]);
  for (let row = 0; row < size * samples; row++) {
    const x = originX - row * stepY;
    const y = originY + row * stepX;
    addRow(
      image,
      x,
      y,
      stepX,
      stepY,
      size,
      samples,
      gain,
      border === 'edge',
      target,
      Math.floor(row / samples) * size * 3,
    );
  }
  return target;
}

/** Adds a row of size * samples samples, from (x, y) on in steps of (stepX, stepY), to `size` pixels of the target. */
function addRow(
  image: RgbImage,
  x: number,
  y: number,
  stepX: number,
  stepY: number,
  size: number,
  samples: number,
  gain: number,
  edge: boolean,
  target: Float32Array,
  to: number,
): void {
  const { data, width, height } = image;
  const count = size * samples;
  const rowBytes = width * 3;
  // The samples whose four pixels all lie in the image need no look at its edges: nearly all of them.
  let first = Math.max(0, firstAbove(x, stepX, 0, width - 1), firstAbove(y, stepY, 0, height - 1));
  let end = Math.min(count, endBelow(x, stepX, 0, width - 1, count), endBelow(y, stepY, 0, height - 1, count));
  // How far the sum of the fast path's rounded steps may stray.
  const slack = count / 131072;
  const inside = (column: number) => {
    const sampleX = x + column * stepX;
    const sampleY = y + column * stepY;
    return sampleX >= slack && sampleY >= slack && sampleX < width - 1 - slack && sampleY < height - 1 - slack;
  };
  // Rounding may have let one in at either end that is just outside.
  while (first < end && !inside(first)) first++;
  while (end > first && !inside(end - 1)) end--;
  if (first >= end || width > LARGEST_FIXED || height > LARGEST_FIXED) {
    first = count;
    end = count;
  }
  const addEdgeSamples = (from: number, until: number) => {
    for (let column = from; column < until; column++) {
      addEdgeSample(
        image,
        x + column * stepX,
        y + column * stepY,
        gain,
        edge,
        target,
        to + 3 * Math.floor(column / samples),
      );
    }
  };
  addEdgeSamples(0, first);
  // Whole numbers take two thirds of the time of floating point: places in 1/65536 pixel, weights in 1/2048.
  const weight = gain / 2 ** 22;
  const fixedStepX = Math.round(stepX * 65536);
  const fixedStepY = Math.round(stepY * 65536);
  let fixedX = Math.round((x + first * stepX) * 65536);
  let fixedY = Math.round((y + first * stepY) * 65536);
  let left = samples - (first % samples);
  let at = to + 3 * Math.floor(first / samples);
  for (let column = first; column < end; column++) {
    const right = (fixedX >> 5) & 2047;
    const lower = (fixedY >> 5) & 2047;
    const lowerRight = Math.imul(right, lower);
    const lowerLeft = (lower << 11) - lowerRight;
    const upperRight = (right << 11) - lowerRight;
    const upperLeft = 4194304 - (right << 11) - lowerLeft;
    const above = (Math.imul(fixedY >> 16, rowBytes) + Math.imul(fixedX >> 16, 3)) | 0;
    const below = (above + rowBytes) | 0;
    fixedX = (fixedX + fixedStepX) | 0;
    fixedY = (fixedY + fixedStepY) | 0;
    const red =
      Math.imul(data[above]!, upperLeft) +
      Math.imul(data[above + 3]!, upperRight) +
      Math.imul(data[below]!, lowerLeft) +
      Math.imul(data[below + 3]!, lowerRight);
    const green =
      Math.imul(data[above + 1]!, upperLeft) +
      Math.imul(data[above + 4]!, upperRight) +
      Math.imul(data[below + 1]!, lowerLeft) +
      Math.imul(data[below + 4]!, lowerRight);
    const blue =
      Math.imul(data[above + 2]!, upperLeft) +
      Math.imul(data[above + 5]!, upperRight) +
      Math.imul(data[below + 2]!, lowerLeft) +
      Math.imul(data[below + 5]!, lowerRight);
    target[at]! += weight * (red | 0);
    target[at + 1]! += weight * (green | 0);
    target[at + 2]! += weight * (blue | 0);
    if (--left === 0) {
      left = samples;
      at += 3;
    }
  }
  addEdgeSamples(end, count);
}

/** The first n at which start + n * step is in [low, high), not rounded down by more than one; Infinity if none is. */
function firstAbove(start: number, step: number, low: number, high: number): number {
  if (step === 0) return start >= low && start < high ? 0 : Infinity;
  return Math.ceil(((step > 0 ? low : high) - start) / step);
}

/** The n after the last one at which start + n * step is in [low, high), not rounded up by more than one. */
function endBelow(start: number, step: number, low: number, high: number, count: number): number {
  if (step === 0) return count;
  return Math.floor(((step > 0 ? high : low) - start) / step) + 1;
}

/** Adds a sample some of whose four pixels may lie outside of the image. */
function addEdgeSample(
  image: RgbImage,
  x: number,
  y: number,
  gain: number,
  edge: boolean,
  target: Float32Array,
  to: number,
): void {
  const { width, height } = image;
  if (!edge && (x <= -1 || y <= -1 || x >= width || y >= height)) return;
  const sampleX = edge ? Math.min(Math.max(x, 0), width - 1) : x;
  const sampleY = edge ? Math.min(Math.max(y, 0), height - 1) : y;
  const x0 = Math.floor(sampleX);
  const y0 = Math.floor(sampleY);
  const right = sampleX - x0;
  const lower = sampleY - y0;
  for (let channel = 0; channel < 3; channel++) {
    const above = pixel(image, x0, y0, channel) * (1 - right) + pixel(image, x0 + 1, y0, channel) * right;
    const below = pixel(image, x0, y0 + 1, channel) * (1 - right) + pixel(image, x0 + 1, y0 + 1, channel) * right;
    target[to + channel]! += gain * (above + (below - above) * lower);
  }
}

/** A pixel's channel, 0 outside of the image. */
function pixel({ data, width, height }: RgbImage, x: number, y: number, channel: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : data[(y * width + x) * 3 + channel]!;
}

/** Takes a point from a square's own coordinates (0 to 1 over each edge) to the image's, in pixels. */
export function squareToImage(square: ImageSquare, x: number, y: number): [x: number, y: number] {
  const u = (x - 0.5) * square.side;
  const v = (y - 0.5) * square.side;
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  return [square.centerX + cos * u - sin * v, square.centerY + sin * u + cos * v];
}
