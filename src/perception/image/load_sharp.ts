import type { Sharp } from 'sharp';
import type { RgbImage } from './rgb_image.js';

let loading: Promise<typeof import('sharp').default> | undefined;

/** The library sharp, which decodes images on threads of its own; loaded by the first image, as other sources do without it. */
export function loadSharp(): Promise<typeof import('sharp').default> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // No image comes twice.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

/** Decodes what sharp was opened with: red, green and blue of 8 bits, whatever it was made of. @throws what sharp throws */
export async function rgbImageOf(image: Sharp): Promise<RgbImage> {
  const decoding = image.toColourspace('srgb').removeAlpha().raw();
  const { data, info } = await decoding.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
