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
  /** The message's is_bigendian; only samples of two bytes depend on it. */
  readonly isBigendian: number | boolean;
  /**
   * How many lower bits of its samples of two bytes the camera uses, 8 to 16; 16 by default. A larger sample than they can hold
   * is as bright as can be.
   */
  readonly bitDepth?: number;
  /** step * height bytes (the last row's padding may be missing), more where a second plane follows (nv12, nv21, nv24). */
  readonly data: Uint8Array;
}

/** The fields of a sensor_msgs/CompressedImage that its pixels depend on. */
export interface CompressedImage {
  /** What the publisher calls it, as image_transport's plugins write it: 'jpeg', 'bgr8; jpeg compressed bgr8', 'png'. */
  readonly format: string;
  /** The contents of an image file. */
  readonly data: Uint8Array;
}

/** An image as a camera sends it. */
export type SensorImage = EncodedImage | CompressedImage;

/** How the pixels of an encoding lie in memory, and become RGB. */
export interface PixelFormat {
  /** Of the first plane. */
  readonly bytesPerPixel: number;
  /** Pixels across and down that share colour samples, so that an image has a multiple of them: [2, 1] in 4:2:2. */
  readonly group: readonly [across: number, down: number];
  /** The least pixels across and down; default 1. */
  readonly smallest?: number;
  /** Bytes of a second plane, which follows the first, over those of the first; default 0. */
  readonly secondPlane?: number;
  /**
   * @param source already checked: of enough bytes for its width, height and step
   * @param target height * width * 3 bytes; R, G, B of each pixel are written there
   */
  decode(source: EncodedImage, target: Uint8Array): void;
}
