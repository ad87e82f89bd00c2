import type { EncodedImage } from '../encoded_image.js';

/** The bits of a sample of two bytes that can be used. */
export const BIT_DEPTHS = { least: 8, most: 16 } as const;

/** Where the high and the low byte of a sample of two bytes are. */
export function sampleBytes({ isBigendian }: EncodedImage): readonly [high: number, low: number] {
  return isBigendian ? [0, 1] : [1, 0];
}

const levelsByDepth = new Map<number, Uint8Array>();

/** The level, 0 to 255, of each sample of two bytes: the nearest to its share of the image's bit depth, as cv_bridge takes it for 16. */
export function levelsOf({ bitDepth = BIT_DEPTHS.most }: EncodedImage): Uint8Array {
  const known = levelsByDepth.get(bitDepth);
  if (known) return known;
  const largest = 2 ** bitDepth - 1;
  const levels = Uint8Array.from({ length: 2 ** BIT_DEPTHS.most }, (_, sample) =>
    Math.round((255 * Math.min(sample, largest)) / largest),
  );
  levelsByDepth.set(bitDepth, levels);
  return levels;
}
