import { loadSharp } from './load_sharp.js';
import type { RgbImage } from './rgb_image.js';

/** How an image is written as JPEG. */
export interface JpegOptions {
  /** 1 to 100. */
  readonly quality: number;
  /** Pixels: wider images are made smaller. Any width by default. */
  readonly widest?: number;
}

/** An image as a JPEG file; encoded on a thread of its own. */
export async function encodeJpeg({ data, width, height }: RgbImage, { quality, widest }: JpegOptions): Promise<Buffer> {
  const sharp = await loadSharp();
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  const small = widest !== undefined && width > widest ? picture.resize({ width: widest, kernel: 'linear' }) : picture;
  return small.jpeg({ quality }).toBuffer();
}
