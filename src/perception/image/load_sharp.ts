import type { SharpOptions } from 'sharp';
import { loadOnce } from '../../load_once.js';
import type { RgbImage } from './rgb_image.js';

/**
 * The library sharp, which decodes images on threads of its own; loaded by the first image, as other sources do without it.
 *
 * @throws what its loading throws; it is tried anew by the next image then
 */
export const loadSharp = loadOnce(async () => {
  const { default: sharp } = await import('sharp');
  // No image comes twice.
  sharp.cache(false);
  return sharp;
});

/** How a file is decoded. */
export interface DecodingOptions {
  /** Turned as its Exif data say; else as it lies. */
  readonly upright: boolean;
  /** Pixels that it may have at most; left out: libvips' own limit. */
  readonly limitInputPixels?: SharpOptions['limitInputPixels'];
}

/**
 * Decodes a file of an image: red, green and blue of 8 bits, whatever it was made of. Its colour profile is passed over, as
 * OpenCV's decoder does, so also cv_bridge and image_transport: networks were trained on such pixels.
 *
 * @throws what sharp throws, also where the file is cut short
 */
export async function decodeRgb(file: Buffer, { upright, limitInputPixels }: DecodingOptions): Promise<RgbImage> {
  const sharp = await loadSharp();
  const limit = limitInputPixels === undefined ? {} : { limitInputPixels };
  const image = sharp(file, { failOn: 'truncated', ignoreIcc: true, ...limit });
  const decoding = (upright ? image.autoOrient() : image).toColourspace('srgb').removeAlpha().raw();
  const { data, info } = await decoding.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
