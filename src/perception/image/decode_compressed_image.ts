import { errorMessage, InvalidInputError } from '../../errors.js';
import type { CompressedImage } from './encoded_image.js';
import { imageHeader } from './image_header.js';
import { decodeRgb } from './load_sharp.js';
import type { RgbImage } from './rgb_image.js';

/** Pixels of an image at most, 8K (7680 x 4320): a few bytes can tell of billions. */
export const MOST_PIXELS = 2 ** 25;

/**
 * Decodes a sensor_msgs/CompressedImage into RGB: JPEG, or PNG of 8 bits at most. What is in the data decides, not what the format
 * says. Alpha is dropped; an image that Exif data say is turned stays as it lies. It runs on libvips' threads, not on the caller's.
 *
 * @param origin where the image came from ('the image on /camera/image_raw/compressed'), for the error
 * @throws InvalidInputError naming what is wrong
 */
export async function decodeCompressedImage({ format, data }: CompressedImage, origin: string): Promise<RgbImage> {
  if (/compressedDepth/i.test(format)) {
    throw new InvalidInputError('format', format, 'a JPEG or PNG image of colours or grey, not of depth', origin);
  }
  const file = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const header = imageHeader(file);
  if (header === null) {
    const start = file.length === 0 ? 'empty' : `${file.subarray(0, 8).toString('hex')}...`;
    throw new InvalidInputError(`data of format ${JSON.stringify(format)}`, start, 'a JPEG or PNG image', origin);
  }
  const { width, height, bits } = header;
  const kind = header.format.toUpperCase();
  if (bits > 8) throw new InvalidInputError(`bits of a sample of the ${kind}`, bits, '8 at most', origin);
  if (width < 1 || height < 1 || width * height > MOST_PIXELS) {
    const size = `${width} x ${height} pixels`;
    throw new InvalidInputError(`the size of the ${kind}`, size, `at least 1 pixel, ${MOST_PIXELS} at most`, origin);
  }
  try {
    return await decodeRgb(file, { upright: false, limitInputPixels: MOST_PIXELS });
  } catch (error) {
    // The library tells of several attempts, one a line.
    const [reason] = errorMessage(error).split('\n');
    throw new InvalidInputError(`the ${kind} of ${file.length} bytes`, reason, 'one that can be decoded', origin);
  }
}
