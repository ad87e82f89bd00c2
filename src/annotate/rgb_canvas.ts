import type { Box } from '../perception/faces/box.js';
import type { RgbImage } from '../perception/image/rgb_image.js';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Fills the whole pixels of a box; what is outside the image is left out.
 *
 * @param box edges are rounded to whole pixels
 * @param opacity 0 to 1
 */
export function fillBox({ data, width, height }: RgbImage, box: Box, [red, green, blue]: Colour, opacity = 1): void {
  const left = Math.max(0, Math.round(box.x));
  const right = Math.min(width, Math.round(box.x + box.width));
  const top = Math.max(0, Math.round(box.y));
  const bottom = Math.min(height, Math.round(box.y + box.height));
  const weight = Math.round(opacity * 256);
  const kept = 256 - weight;
  for (let y = top; y < bottom; y++) {
    const end = 3 * (y * width + right);
    for (let at = 3 * (y * width + left); at < end; at += 3) {
      data[at] = (data[at]! * kept + red * weight) >> 8;
      data[at + 1] = (data[at + 1]! * kept + green * weight) >> 8;
      data[at + 2] = (data[at + 2]! * kept + blue * weight) >> 8;
    }
  }
}

/** Draws a box's edges, their middle on the box. @param thickness whole pixels */
export function strokeBox(image: RgbImage, { x, y, width, height }: Box, colour: Colour, thickness: number): void {
  const half = thickness / 2;
  const left = x - half;
  const top = y - half;
  const outer = width + thickness;
  fillBox(image, { x: left, y: top, width: outer, height: thickness }, colour);
  fillBox(image, { x: left, y: top + height, width: outer, height: thickness }, colour);
  fillBox(image, { x: left, y: top, width: thickness, height: height + thickness }, colour);
  fillBox(image, { x: left + width, y: top, width: thickness, height: height + thickness }, colour);
}

/** Fills a disc with smooth edges; what is outside the image is left out. @param radius pixels */
export function fillDisc(
  { data, width, height }: RgbImage,
  x: number,
  y: number,
  radius: number,
  [red, green, blue]: Colour,
): void {
  const reach = radius + 0.5;
  const left = Math.max(0, Math.floor(x - reach));
  const right = Math.min(width - 1, Math.ceil(x + reach));
  const top = Math.max(0, Math.floor(y - reach));
  const bottom = Math.min(height - 1, Math.ceil(y + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      // A pixel's middle lies half a pixel from its edges, and so does the disc's middle: landmarks count from edges.
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const coverage = Math.min(1, Math.max(0, reach - distance));
      if (coverage > 0) blendPixel(data, 3 * (row * width + column), red, green, blue, coverage);
    }
  }
}

/** Draws a straight line with smooth, round ends; what is outside the image is left out. @param thickness pixels */
export function strokeLine(
  { data, width, height }: RgbImage,
  [fromX, fromY]: readonly [x: number, y: number],
  [toX, toY]: readonly [x: number, y: number],
  [red, green, blue]: Colour,
  thickness: number,
): void {
  const reach = thickness / 2 + 0.5;
  const left = Math.max(0, Math.floor(Math.min(fromX, toX) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(fromX, toX) + reach));
  const top = Math.max(0, Math.floor(Math.min(fromY, toY) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(fromY, toY) + reach));
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const squaredLength = alongX ** 2 + alongY ** 2;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [x, y] = [column + 0.5 - fromX, row + 0.5 - fromY];
      const share = squaredLength > 0 ? Math.min(1, Math.max(0, (x * alongX + y * alongY) / squaredLength)) : 0;
      const coverage = Math.min(1, reach - Math.hypot(x - share * alongX, y - share * alongY));
      if (coverage > 0) blendPixel(data, 3 * (row * width + column), red, green, blue, coverage);
    }
  }
}

/** Mixes a colour into the pixel whose red is at `at`. @param coverage 0 to 1 */
export function blendPixel(
  data: Uint8Array,
  at: number,
  red: number,
  green: number,
  blue: number,
  coverage: number,
): void {
  data[at] = data[at]! + (red - data[at]!) * coverage;
  data[at + 1] = data[at + 1]! + (green - data[at + 1]!) * coverage;
  data[at + 2] = data[at + 2]! + (blue - data[at + 2]!) * coverage;
}
