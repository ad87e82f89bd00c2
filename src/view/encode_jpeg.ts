import sharp from 'sharp';
import type { RgbImage } from '../perception/image/rgb_image.js';

/** Wider pictures are made smaller: a page shows no more, and a browser far away waits for less. */
const WIDEST = 960;
const QUALITY = 80;

/** An image as a JPEG file, at most 960 pixels wide; encoded on a thread of its own. */
export function encodeJpeg({ data, width, height }: RgbImage): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  const small = width > WIDEST ? picture.resize({ width: WIDEST, kernel: 'linear' }) : picture;
  return small.jpeg({ quality: QUALITY }).toBuffer();
}
