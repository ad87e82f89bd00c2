import { InvalidInputError } from '../../errors.js';
import type { RgbImage } from './rgb_image.js';

/** The fields of a sensor_msgs/Image that its pixels depend on. */
export interface EncodedImage {
  /** The name of the pixel format, as in sensor_msgs/image_encodings.hpp. */
  readonly encoding: string;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** Bytes from the start of one row to the start of the next. */
  readonly step: number;
  /** The message's is_bigendian: without meaning for the formats decoded here, whose samples are single bytes. */
  readonly isBigendian: number | boolean;
  /** step * height bytes (the last row's padding may be missing). */
  readonly data: Uint8Array;
}

interface PixelFormat {
  readonly bytesPerPixel: number;
  /** Pixels that share their colour samples and so cannot be parted: 2 in 4:2:2 formats. */
  readonly pixelsPerGroup: number;
  decode(source: EncodedImage, target: Uint8Array): void;
}

const YUY2: PixelFormat = {
  bytesPerPixel: 2,
  pixelsPerGroup: 2,
  decode: (source, target) => decodeYuv422(source, target, 0, 1, 2, 3),
};
const UYVY: PixelFormat = {
  bytesPerPixel: 2,
  pixelsPerGroup: 2,
  decode: (source, target) => decodeYuv422(source, target, 1, 0, 3, 2),
};

/** By encoding; `yuv422` is the older ROS name of uyvy, `yuyv` the newer one of yuv422_yuy2. */
const FORMATS: Readonly<Record<string, PixelFormat>> = {
  rgb8: channels(3, 0, 1, 2),
  bgr8: channels(3, 2, 1, 0),
  rgba8: channels(4, 0, 1, 2),
  bgra8: channels(4, 2, 1, 0),
  mono8: channels(1, 0, 0, 0),
  yuv422_yuy2: YUY2,
  yuyv: YUY2,
  uyvy: UYVY,
  yuv422: UYVY,
};

/** The encodings that decodeImage takes. */
export const IMAGE_ENCODINGS: readonly string[] = Object.keys(FORMATS);

/**
 * Decodes a sensor_msgs/Image into RGB. Alpha is dropped; YUV is BT.601 with luma 16 to 235, as OpenCV and cv_bridge
 * take it. A tight rgb8 image is not copied: the result then shares the source's bytes.
 *
 * @param origin where the image came from ('the image on /camera/image_raw'), for the error
 * @throws InvalidInputError naming the field that is wrong
 */
export function decodeImage(source: EncodedImage, origin: string): RgbImage {
  const { encoding, width, height, step, data } = source;
  const format = Object.hasOwn(FORMATS, encoding) ? FORMATS[encoding] : undefined;
  if (!format) throw new InvalidInputError('encoding', encoding, `one of ${IMAGE_ENCODINGS.join(', ')}`, origin);
  for (const [name, pixels] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(pixels) || pixels < 1) {
      throw new InvalidInputError(name, pixels, 'at least 1 pixel', origin);
    }
  }
  if (width % format.pixelsPerGroup !== 0) {
    throw new InvalidInputError('width', width, `an even number of pixels in ${encoding}`, origin);
  }
  const rowBytes = width * format.bytesPerPixel;
  if (!Number.isInteger(step) || step < rowBytes) {
    throw new InvalidInputError('step', step, `at least ${rowBytes} bytes for ${width} pixels of ${encoding}`, origin);
  }
  const withoutLastPadding = step * (height - 1) + rowBytes;
  if (data.length !== step * height && data.length !== withoutLastPadding) {
    const expected = `${step * height} bytes for ${height} rows with a step of ${step}`;
    throw new InvalidInputError('the length of data', data.length, expected, origin);
  }
  if (encoding === 'rgb8' && step === rowBytes) return { data, width, height };
  const target = new Uint8Array(width * height * 3);
  format.decode(source, target);
  return { data: target, width, height };
}

/** A format with one byte for each of its channels; red, green and blue are their places within a pixel. */
function channels(bytesPerPixel: number, red: number, green: number, blue: number): PixelFormat {
  return {
    bytesPerPixel,
    pixelsPerGroup: 1,
    decode({ width, height, step, data }, target) {
      let to = 0;
      for (let y = 0; y < height; y++) {
        const end = y * step + width * bytesPerPixel;
        for (let from = y * step; from < end; from += bytesPerPixel) {
          target[to] = data[from + red]!;
          target[to + 1] = data[from + green]!;
          target[to + 2] = data[from + blue]!;
          to += 3;
        }
      }
    },
  };
}

/** Two pixels from each four bytes; y0, u, y1 and v are the samples' places in them. */
function decodeYuv422(
  { width, height, step, data }: EncodedImage,
  target: Uint8Array,
  y0: number,
  u: number,
  y1: number,
  v: number,
): void {
  const clamped = new Uint8ClampedArray(target.buffer);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const end = y * step + width * 2;
    for (let from = y * step; from < end; from += 4) {
      const chromaU = data[from + u]! - 128;
      const chromaV = data[from + v]! - 128;
      // BT.601 in 16.16 fixed point: 1.596, 0.813, 0.391, 2.018 and, for luma, 1.164.
      const red = 104597 * chromaV;
      const green = -53279 * chromaV - 25675 * chromaU;
      const blue = 132201 * chromaU;
      const first = 76309 * (data[from + y0]! - 16) + 32768;
      const second = 76309 * (data[from + y1]! - 16) + 32768;
      clamped[to] = (first + red) >> 16;
      clamped[to + 1] = (first + green) >> 16;
      clamped[to + 2] = (first + blue) >> 16;
      clamped[to + 3] = (second + red) >> 16;
      clamped[to + 4] = (second + green) >> 16;
      clamped[to + 5] = (second + blue) >> 16;
      to += 6;
    }
  }
}
