import type { PixelFormat } from '../encoded_image.js';

// BT.601 in 16.16 fixed point: 1.164 for luma 16 to 235; 1.596, 0.813, 0.391 and 2.018 for chroma about 128.
const LUMA = 76309;
const RED_OF_V = 104597;
const GREEN_OF_V = -53279;
const GREEN_OF_U = -25675;
const BLUE_OF_U = 132201;
const HALF = 32768;

/** Two pixels from each four bytes (4:2:2); y0, u, y1 and v are the samples' places in them. */
export function packedYuv422(y0: number, u: number, y1: number, v: number): PixelFormat {
  return {
    bytesPerPixel: 2,
    group: [2, 1],
    decode({ width, height, step, data }, target) {
      const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.length);
      let to = 0;
      for (let y = 0; y < height; y++) {
        const end = y * step + width * 2;
        for (let from = y * step; from < end; from += 4) {
          const chromaU = data[from + u]! - 128;
          const chromaV = data[from + v]! - 128;
          const red = RED_OF_V * chromaV;
          const green = GREEN_OF_V * chromaV + GREEN_OF_U * chromaU;
          const blue = BLUE_OF_U * chromaU;
          const first = LUMA * (data[from + y0]! - 16) + HALF;
          const second = LUMA * (data[from + y1]! - 16) + HALF;
          clamped[to] = (first + red) >> 16;
          clamped[to + 1] = (first + green) >> 16;
          clamped[to + 2] = (first + blue) >> 16;
          clamped[to + 3] = (second + red) >> 16;
          clamped[to + 4] = (second + green) >> 16;
          clamped[to + 5] = (second + blue) >> 16;
          to += 6;
        }
      }
    },
  };
}

/**
 * A plane of luma, and after it one of chroma pairs: one pair for each 2 x 2 pixels (4:2:0, rows as long as those of luma), or
 * one for each pixel (4:4:4, rows twice as long).
 *
 * @param share pixels across and down that have a pair in common, 2 or 1; @param u, v places within a pair
 */
export function semiPlanarYuv(share: 1 | 2, u: number, v: number): PixelFormat {
  const shift = share - 1;
  return {
    bytesPerPixel: 1,
    group: [share, share],
    secondPlane: 2 / share ** 2,
    decode({ width, height, step, data }, target) {
      const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.length);
      const chromaStep = (2 * step) >> shift;
      let to = 0;
      for (let y = 0; y < height; y++) {
        const lumaRow = y * step;
        const chromaRow = height * step + (y >> shift) * chromaStep;
        for (let x = 0; x < width; x++) {
          const pair = chromaRow + 2 * (x >> shift);
          const chromaU = data[pair + u]! - 128;
          const chromaV = data[pair + v]! - 128;
          const luma = LUMA * (data[lumaRow + x]! - 16) + HALF;
          clamped[to] = (luma + RED_OF_V * chromaV) >> 16;
          clamped[to + 1] = (luma + GREEN_OF_V * chromaV + GREEN_OF_U * chromaU) >> 16;
          clamped[to + 2] = (luma + BLUE_OF_U * chromaU) >> 16;
          to += 3;
        }
      }
    },
  };
}
