import type { ImageSquare } from '../image/sample_square.js';

/**
 * MediaPipe lays a sample's place at its corner, sampleSquare in its middle: the square whose samples in the one way are
 * those of the given one in the other.
 *
 * @param size how many samples each edge has
 */
export function cornerAligned({ centerX, centerY, side, roll }: ImageSquare, size: number): ImageSquare {
  const half = side / size / 2;
  const cos = Math.cos(roll);
  const sin = Math.sin(roll);
  return { centerX: centerX + 0.5 - half * (cos - sin), centerY: centerY + 0.5 - half * (cos + sin), side, roll };
}
