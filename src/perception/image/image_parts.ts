import type { RgbImage } from './rgb_image.js';
import type { ImageSquare } from './sample_square.js';

/**
 * The squares that cover an image, overlapping by half: a face that an edge cuts is whole in the next.
 *
 * @param divisor the image's longer side over a square's, from 2 on: a face is so many times as large in it
 * @returns (2 divisor - 1)² squares, row by row
 */
export function partsOfImage({ width, height }: RgbImage, divisor: number): ImageSquare[] {
  const side = Math.max(width, height) / divisor;
  const count = 2 * divisor - 1;
  const places = (length: number) =>
    Array.from({ length: count }, (_, index) =>
      length <= side ? length / 2 : side / 2 + ((length - side) * index) / (count - 1),
    );
  return places(height).flatMap((centerY) => places(width).map((centerX) => ({ centerX, centerY, side, roll: 0 })));
}
