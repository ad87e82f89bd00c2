import { readFile } from 'node:fs/promises';
import { errorMessage, InvalidInputError } from '../errors.js';
import { decodeRgb } from '../perception/image/load_sharp.js';
import type { RgbImage } from '../perception/image/rgb_image.js';

/**
 * The image in a file as networks read it, upright as its Exif data say; decoded on a thread of its own. What is in the file
 * decides, not the ending of its name: photos are often misnamed.
 *
 * @param origin where the path came from, for the error
 * @throws InvalidInputError naming the file where it cannot be decoded, or is cut short
 */
export async function readImageFile(path: string, origin: string): Promise<RgbImage> {
  try {
    return await decodeRgb(await readFile(path), { upright: true });
  } catch (error) {
    // libvips says the same several times.
    const words = [...new Set(errorMessage(error).split('\n'))].join('; ');
    const expected = `an image that can be decoded (sharp: ${words})`;
    throw new InvalidInputError('source', path, expected, origin, { cause: error });
  }
}
