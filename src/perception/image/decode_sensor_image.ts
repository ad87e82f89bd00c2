import { decodeCompressedImage } from './decode_compressed_image.js';
import { decodeImage } from './decode_image.js';
import type { SensorImage } from './encoded_image.js';
import type { RgbImage } from './rgb_image.js';

/**
 * Decodes an image as a camera sends it, raw or compressed.
 *
 * @param origin where the image came from, for the error
 * @throws InvalidInputError naming what is wrong
 */
export async function decodeSensorImage(image: SensorImage, origin: string): Promise<RgbImage> {
  return 'format' in image ? decodeCompressedImage(image, origin) : decodeImage(image, origin);
}
