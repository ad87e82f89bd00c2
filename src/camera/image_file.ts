import { open } from 'node:fs/promises';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { type DecodedFrame, type DecodeRequest, decodeFrames } from './decode_frames.js';
import type { FfmpegProgram } from './ffmpeg_program.js';

/** What files of a format begin with, and ffmpeg's demuxer for it. */
const FORMATS: readonly { readonly start: Buffer; readonly demuxer: string }[] = [
  { start: Buffer.from([0xff, 0xd8, 0xff]), demuxer: 'jpeg_pipe' },
  { start: Buffer.from([0x89, 0x50, 0x4e, 0x47]), demuxer: 'png_pipe' },
];

/**
 * The image in a file, decoded by an ffmpeg of its own, which takes some 30 ms; null where the signal is aborted. What is in
 * the file decides, not the ending of its name: photos are often misnamed.
 *
 * @throws InvalidInputError naming the file where it cannot be decoded
 */
export async function decodeImageFile(
  request: Omit<DecodeRequest, 'input' | 'expected'>,
): Promise<DecodedFrame | null> {
  const demuxer = await demuxerOf(request.path);
  // A percent sign in a name is no pattern.
  const format = demuxer === null ? ['-f', 'image2', '-pattern_type', 'none'] : ['-f', demuxer];
  const input = [...format, '-i', `file:${request.path}`];
  for await (const frame of decodeFrames({ ...request, input, expected: 'an image that can be decoded' })) return frame;
  return null;
}

/** null for a file that begins like no known format, or that cannot be read: ffmpeg then says what is wrong. */
async function demuxerOf(path: string): Promise<string | null> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
      const found = FORMATS.find(
        ({ start }) => bytesRead >= start.length && buffer.subarray(0, start.length).equals(start),
      );
      return found?.demuxer ?? null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/**
 * The image in a file as networks read it.
 *
 * @param origin where the path came from, for the error
 * @throws InvalidInputError naming the file where it cannot be decoded
 */
export async function readImageFile(path: string, ffmpeg: FfmpegProgram, origin: string): Promise<RgbImage> {
  const { data, width, height } = (await decodeImageFile({
    path,
    ffmpeg,
    origin,
    encoding: 'rgb8',
    exactColours: true,
  }))!;
  return { data, width, height };
}
