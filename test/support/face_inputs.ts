import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../../src/perception/image/sample_square.js';
import { clipsMissing, readFrames, sharedData } from './clips.js';

/** Why tests on stills of faces cannot run here, or false where they can. */
export const facesMissing = clipsMissing;

/** The stills of shared/data/faces, by expression. */
export function readFaces(): { readonly name: string; readonly image: RgbImage }[] {
  const folder = join(sharedData, 'faces');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => ({ name, image: readFrames(join(folder, name), 1)[0]! }));
}

/** The square in the middle of an image, as high as it is. */
export function middleSquare({ width, height }: RgbImage): ImageSquare {
  return { centerX: width / 2, centerY: height / 2, side: Math.min(width, height), roll: 0 };
}

/** A square of an image as a network's input, (size, size, 3), with 0 to 255 taken to `low` to `high`. */
export function squareInput(
  image: RgbImage,
  square: ImageSquare,
  size: number,
  [low, high]: readonly [number, number],
): Float32Array {
  return sampleSquare(image, square, size).map((value) => low + (value / 255) * (high - low));
}
