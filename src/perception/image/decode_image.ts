import { InvalidInputError } from '../../errors.js';
import type { EncodedImage, PixelFormat } from './encoded_image.js';
import { bayer } from './encodings/bayer.js';
import { channels8, channels16 } from './encodings/channels.js';
import { BIT_DEPTHS } from './encodings/samples.js';
import { packedYuv422, semiPlanarYuv } from './encodings/yuv.js';
import type { RgbImage } from './rgb_image.js';

const YUYV = packedYuv422(0, 1, 2, 3);
const UYVY = packedYuv422(1, 0, 3, 2);
const BGR8 = channels8(3, 2, 1, 0);
const BGRA8 = channels8(4, 2, 1, 0);
const BGR16 = channels16(3, 2, 1, 0);
const BGRA16 = channels16(4, 2, 1, 0);
const MONO8 = channels8(1, 0, 0, 0);
const MONO16 = channels16(1, 0, 0, 0);

/** By encoding. yuv422 and yuv422_yuy2 are older ROS names of uyvy and yuyv; 8UC3 and the like are OpenCV's, whose order is BGR. */
const FORMATS: Readonly<Record<string, PixelFormat>> = {
  rgb8: channels8(3, 0, 1, 2),
  bgr8: BGR8,
  rgba8: channels8(4, 0, 1, 2),
  bgra8: BGRA8,
  mono8: MONO8,
  rgb16: channels16(3, 0, 1, 2),
  bgr16: BGR16,
  rgba16: channels16(4, 0, 1, 2),
  bgra16: BGRA16,
  mono16: MONO16,
  yuyv: YUYV,
  yuv422_yuy2: YUYV,
  uyvy: UYVY,
  yuv422: UYVY,
  nv12: semiPlanarYuv(2, 0, 1),
  nv21: semiPlanarYuv(2, 1, 0),
  nv24: semiPlanarYuv(1, 0, 1),
  bayer_rggb8: bayer(1, [0, 0]),
  bayer_bggr8: bayer(1, [1, 1]),
  bayer_gbrg8: bayer(1, [0, 1]),
  bayer_grbg8: bayer(1, [1, 0]),
  bayer_rggb16: bayer(2, [0, 0]),
  bayer_bggr16: bayer(2, [1, 1]),
  bayer_gbrg16: bayer(2, [0, 1]),
  bayer_grbg16: bayer(2, [1, 0]),
  '8UC1': MONO8,
  '8UC3': BGR8,
  '8UC4': BGRA8,
  '16UC1': MONO16,
  '16UC3': BGR16,
  '16UC4': BGRA16,
};

/** The encodings that decodeImage takes. */
export const IMAGE_ENCODINGS: readonly string[] = Object.keys(FORMATS);

/**
 * Decodes a sensor_msgs/Image into RGB, as cv_bridge does. Alpha is dropped; samples of two bytes are scaled to 8 bits from the
 * image's bit depth; YUV is BT.601 with luma 16 to 235; Bayer mosaics are interpolated bilinearly. A tight rgb8 image is not copied:
 * the result then shares the source's bytes.
 *
 * @param origin where the image came from ('the image on /camera/image_raw'), for the error
 * @throws InvalidInputError naming the field that is wrong
 */
export function decodeImage(source: EncodedImage, origin: string): RgbImage {
  const { encoding, width, height, bitDepth = BIT_DEPTHS.most } = source;
  const format = Object.hasOwn(FORMATS, encoding) ? FORMATS[encoding] : undefined;
  if (!format) throw new InvalidInputError('encoding', encoding, `one of ${IMAGE_ENCODINGS.join(', ')}`, origin);
  checkSide('width', width, format.group[0], format, source, origin);
  checkSide('height', height, format.group[1], format, source, origin);
  const { least, most } = BIT_DEPTHS;
  if (!Number.isInteger(bitDepth) || bitDepth < least || bitDepth > most) {
    throw new InvalidInputError('bitDepth', bitDepth, `an integer of ${least} to ${most}`, origin);
  }
  const step = checkedStep(format, source, origin);
  if (encoding === 'rgb8' && step === 3 * width) return { data: source.data, width, height };
  const target = new Uint8Array(width * height * 3);
  format.decode({ ...source, step }, target);
  return { data: target, width, height };
}

function checkSide(
  name: string,
  pixels: number,
  group: number,
  { smallest = 1 }: PixelFormat,
  { encoding }: EncodedImage,
  origin: string,
): void {
  if (!Number.isInteger(pixels) || pixels < smallest) {
    throw new InvalidInputError(name, pixels, `at least ${smallest} pixel${smallest > 1 ? 's' : ''}`, origin);
  }
  if (pixels % group !== 0) {
    throw new InvalidInputError(name, pixels, `an even number of pixels in ${encoding}`, origin);
  }
}

/**
 * Checks the step and the length of the data.
 *
 * @returns the step of the first plane: some publishers of two planes give the mean of both, all bytes over the height
 */
function checkedStep(format: PixelFormat, source: EncodedImage, origin: string): number {
  const { encoding, width, height, step, data } = source;
  const { bytesPerPixel, secondPlane = 0 } = format;
  const rowBytes = width * bytesPerPixel;
  if (!Number.isInteger(step) || step < rowBytes) {
    throw new InvalidInputError('step', step, `at least ${rowBytes} bytes for ${width} pixels of ${encoding}`, origin);
  }
  const meanStep = rowBytes * (1 + secondPlane);
  if (secondPlane > 0 && step === meanStep && data.length === step * height) return rowBytes;
  const whole = step * height * (1 + secondPlane);
  const padding = secondPlane === 0 ? step - rowBytes : 0;
  if (data.length !== whole && data.length !== whole - padding) {
    const planes = secondPlane > 0 ? ' and the colours after them' : '';
    const expected = `${whole} bytes for ${height} rows with a step of ${step}${planes}`;
    throw new InvalidInputError('the length of data', data.length, expected, origin);
  }
  return step;
}
