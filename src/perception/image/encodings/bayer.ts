import type { EncodedImage, PixelFormat } from '../encoded_image.js';
import { levelsOf, sampleBytes } from './samples.js';

/**
 * A mosaic of colour filters: each pixel has a sample of one colour, the other two are the means of the nearest neighbours that
 * have them (bilinear, as cv_bridge does it).
 *
 * @param bytes of a sample, 1 or 2
 * @param red where the red sample of each 2 x 2 pixels is; the blue one is diagonally opposite, the others are green
 */
export function bayer(bytes: 1 | 2, red: readonly [column: number, row: number]): PixelFormat {
  return {
    bytesPerPixel: bytes,
    group: [1, 1],
    smallest: 2,
    decode(source, target) {
      const { width, height } = source;
      const stride = width + 2;
      const mosaic = framedMosaic(source, bytes);
      for (let y = 0; y < height; y++) {
        const isRedRow = (y & 1) === red[1];
        // The colour that this row has beside green, and the one that it lacks.
        const own = isRedRow ? 0 : 2;
        const other = 2 - own;
        const ownColumn = isRedRow ? red[0] : 1 - red[0];
        const above = y * stride + 1;
        const here = above + stride;
        const below = here + stride;
        const row = y * width * 3;
        for (let x = ownColumn; x < width; x += 2) {
          const to = row + 3 * x;
          const sides = mosaic[here + x - 1]! + mosaic[here + x + 1]! + mosaic[above + x]! + mosaic[below + x]!;
          const corners =
            mosaic[above + x - 1]! + mosaic[above + x + 1]! + mosaic[below + x - 1]! + mosaic[below + x + 1]!;
          target[to + own] = mosaic[here + x]!;
          target[to + 1] = (sides + 2) >> 2;
          target[to + other] = (corners + 2) >> 2;
        }
        for (let x = 1 - ownColumn; x < width; x += 2) {
          const to = row + 3 * x;
          target[to + own] = (mosaic[here + x - 1]! + mosaic[here + x + 1]! + 1) >> 1;
          target[to + 1] = mosaic[here + x]!;
          target[to + other] = (mosaic[above + x]! + mosaic[below + x]! + 1) >> 1;
        }
      }
    },
  };
}

/** The samples, 8 bits each, in a frame of one more on each side, mirrored at the outermost ones so that colours stay in step. */
function framedMosaic(source: EncodedImage, bytes: 1 | 2): Uint8Array {
  const { width, height, step, data } = source;
  const stride = width + 2;
  const mosaic = new Uint8Array(stride * (height + 2));
  const [high, low] = sampleBytes(source);
  for (let y = 0; y < height; y++) {
    const to = (y + 1) * stride + 1;
    const from = y * step;
    if (bytes === 1) mosaic.set(data.subarray(from, from + width), to);
    else {
      const levels = levelsOf(source);
      for (let x = 0; x < width; x++) {
        mosaic[to + x] = levels[(data[from + 2 * x + high]! << 8) | data[from + 2 * x + low]!]!;
      }
    }
    mosaic[to - 1] = mosaic[to + 1]!;
    mosaic[to + width] = mosaic[to + width - 2]!;
  }
  mosaic.copyWithin(0, 2 * stride, 3 * stride);
  mosaic.copyWithin((height + 1) * stride, (height - 1) * stride, height * stride);
  return mosaic;
}
