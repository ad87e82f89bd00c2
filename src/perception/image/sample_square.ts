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

/**
 * Resamples a square of an image to size x size pixels, bilinear; where the square is more than twice as fine as the
 * result, several samples are averaged for each pixel, so that nothing aliases. Outside the image it is black.
 *
 * @returns (size, size, 3), 0 to 255
 */
export function sampleSquare(image: RgbImage, square: ImageSquare, size: number): Float32Array {
  const { data, width, height } = image;
  const result = new Float32Array(size * size * 3);
  const scale = square.side / size;
  const samples = Math.max(1, Math.ceil(scale / 2 - 1e-9));
  const weight = 1 / (samples * samples);
  const cos = Math.cos(square.roll);
  const sin = Math.sin(square.roll);
  // One step of a sample to the right moves by (stepX, stepY) in the image, one down by (-stepY, stepX).
  const stepX = (scale / samples) * cos;
  const stepY = (scale / samples) * sin;
  const middle = (size * samples - 1) / 2;
  const originX = square.centerX - 0.5 - middle * stepX + middle * stepY;
  const originY = square.centerY - 0.5 - middle * stepY - middle * stepX;
  const rowBytes = width * 3;
  for (let row = 0; row < size * samples; row++) {
    let to = Math.floor(row / samples) * size * 3;
    let x = originX - row * stepY;
    let y = originY + row * stepX;
    let left = samples;
    for (let column = 0; column < size * samples; column++) {
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const right = (x - x0) * weight;
      const remaining = weight - right;
      const lower = y - y0;
      if (x0 >= 0 && y0 >= 0 && x0 < width - 1 && y0 < height - 1) {
        const at = y0 * rowBytes + x0 * 3;
        const below = at + rowBytes;
        for (let channel = 0; channel < 3; channel++) {
          const upperValue = data[at + channel]! * remaining + data[at + 3 + channel]! * right;
          const lowerValue = data[below + channel]! * remaining + data[below + 3 + channel]! * right;
          result[to + channel]! += upperValue + (lowerValue - upperValue) * lower;
        }
      } else if (x0 >= -1 && y0 >= -1 && x0 < width && y0 < height) {
        for (let channel = 0; channel < 3; channel++) {
          const upperValue = pixel(image, x0, y0, channel) * remaining + pixel(image, x0 + 1, y0, channel) * right;
          const lowerValue =
            pixel(image, x0, y0 + 1, channel) * remaining + pixel(image, x0 + 1, y0 + 1, channel) * right;
          result[to + channel]! += upperValue + (lowerValue - upperValue) * lower;
        }
      }
      x += stepX;
      y += stepY;
      if (--left === 0) {
        left = samples;
        to += 3;
      }
    }
  }
  return result;
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
