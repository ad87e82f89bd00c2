import type { PixelFormat } from '../encoded_image.js';
import { levelsOf, sampleBytes } from './samples.js';

/** A format of one byte for each channel; red, green and blue are their places within a pixel. */
export function channels8(count: number, red: number, green: number, blue: number): PixelFormat {
  return {
    bytesPerPixel: count,
    group: [1, 1],
    decode({ width, height, step, data }, target) {
      let to = 0;
      for (let y = 0; y < height; y++) {
        const end = y * step + width * count;
        for (let from = y * step; from < end; from += count) {
          target[to] = data[from + red]!;
          target[to + 1] = data[from + green]!;
          target[to + 2] = data[from + blue]!;
          to += 3;
        }
      }
    },
  };
}

/** The same of two bytes for each channel, of which the lower bits are used that the image's bit depth says. */
export function channels16(count: number, red: number, green: number, blue: number): PixelFormat {
  return {
    bytesPerPixel: 2 * count,
    group: [1, 1],
    decode(source, target) {
      const { width, height, step, data } = source;
      const [high, low] = sampleBytes(source);
      const levels = levelsOf(source);
      let to = 0;
      for (let y = 0; y < height; y++) {
        const end = y * step + 2 * width * count;
        for (let from = y * step; from < end; from += 2 * count) {
          target[to] = levels[(data[from + 2 * red + high]! << 8) | data[from + 2 * red + low]!]!;
          target[to + 1] = levels[(data[from + 2 * green + high]! << 8) | data[from + 2 * green + low]!]!;
          target[to + 2] = levels[(data[from + 2 * blue + high]! << 8) | data[from + 2 * blue + low]!]!;
          to += 3;
        }
      }
    },
  };
}
