/** What tests know of an encoding, not from the code that decodes it. */
interface Encoding {
  /** FFmpeg's name. */
  readonly name: string;
  /** Of a pixel in the first plane. */
  readonly bytes: number;
  /** Whether FFmpeg's name says big-endian. */
  readonly big?: boolean;
  /** Bytes of all planes over those of the first; default 1. */
  readonly planes?: number;
}

/** All encodings, those of two bytes a sample in either order. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  rgb8: { name: 'rgb24', bytes: 3 },
  bgr8: { name: 'bgr24', bytes: 3 },
  rgba8: { name: 'rgba', bytes: 4 },
  bgra8: { name: 'bgra', bytes: 4 },
  mono8: { name: 'gray', bytes: 1 },
  rgb16: { name: 'rgb48le', bytes: 6 },
  bgr16: { name: 'bgr48be', bytes: 6, big: true },
  rgba16: { name: 'rgba64be', bytes: 8, big: true },
  bgra16: { name: 'bgra64le', bytes: 8 },
  mono16: { name: 'gray16le', bytes: 2 },
  yuyv: { name: 'yuyv422', bytes: 2 },
  yuv422_yuy2: { name: 'yuyv422', bytes: 2 },
  uyvy: { name: 'uyvy422', bytes: 2 },
  yuv422: { name: 'uyvy422', bytes: 2 },
  nv12: { name: 'nv12', bytes: 1, planes: 1.5 },
  nv21: { name: 'nv21', bytes: 1, planes: 1.5 },
  nv24: { name: 'nv24', bytes: 1, planes: 3 },
  bayer_rggb8: { name: 'bayer_rggb8', bytes: 1 },
  bayer_bggr8: { name: 'bayer_bggr8', bytes: 1 },
  bayer_gbrg8: { name: 'bayer_gbrg8', bytes: 1 },
  bayer_grbg8: { name: 'bayer_grbg8', bytes: 1 },
  bayer_rggb16: { name: 'bayer_rggb16le', bytes: 2 },
  bayer_bggr16: { name: 'bayer_bggr16be', bytes: 2, big: true },
  bayer_gbrg16: { name: 'bayer_gbrg16le', bytes: 2 },
  bayer_grbg16: { name: 'bayer_grbg16be', bytes: 2, big: true },
  '8UC1': { name: 'gray', bytes: 1 },
  '8UC3': { name: 'bgr24', bytes: 3 },
  '8UC4': { name: 'bgra', bytes: 4 },
  '16UC1': { name: 'gray16be', bytes: 2, big: true },
  '16UC3': { name: 'bgr48le', bytes: 6 },
  '16UC4': { name: 'bgra64le', bytes: 8 },
};
