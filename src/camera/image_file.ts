import { decodeImage } from '../perception/image/decode_image.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { type DecodedFrame, type DecodeRequest, decodeFrames } from './decode_frames.js';
import type { FfmpegProgram } from './ffmpeg_program.js';

/**
 * The image in a file, decoded by an ffmpeg of its own, which takes some 30 ms; null where the signal is aborted.
 *
 * @throws InvalidInputError naming the file where it cannot be decoded
 */
export async function decodeImageFile(
  request: Omit<DecodeRequest, 'input' | 'expected'>,
): Promise<DecodedFrame | null> {
  // A percent sign in a name is no pattern.
  const input = ['-f', 'image2', '-pattern_type', 'none', '-i', `file:${request.path}`];
  for await (const frame of decodeFrames({ ...request, input, expected: 'an image that can be decoded' })) return frame;
  return null;
}

/**
 * The image in a file as networks read it.
 *
 * @param origin where the path came from, for the error
 * @throws InvalidInputError naming the file where it cannot be decoded
 */
export async function readImageFile(path: string, ffmpeg: FfmpegProgram, origin: string): Promise<RgbImage> {
  const { data, width, height } = (await decodeImageFile({ path, ffmpeg, origin }))!;
  return decodeImage({ encoding: 'bgr8', width, height, step: 3 * width, isBigendian: 0, data }, path);
}
