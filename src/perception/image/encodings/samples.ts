import type { EncodedImage } from '../encoded_image.js';

/** Where the high and the low byte of a sample of two bytes are. */
export function sampleBytes({ isBigendian }: EncodedImage): readonly [high: number, low: number] {
  return isBigendian ? [0, 1] : [1, 0];
}

/** A sample of 0 to 65535 as 0 to 255: the nearest to a 257th of it, as cv_bridge takes it. */
export function sixteenToEight(high: number, low: number): number {
  return ((high << 8) + low - high + 128) >> 8;
}
