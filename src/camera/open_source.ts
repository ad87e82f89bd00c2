import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { type DecodeRequest, decodeFrames } from './decode_frames.js';
import { findFfmpeg } from './ffmpeg_program.js';
import { folderFrames, listImages } from './folder_source.js';
import type { Frame, FrameSource } from './frame.js';
import { readAhead } from './read_ahead.js';
import { videoFrames } from './video_source.js';

/** What a source can be, in words for errors. */
const SOURCES = 'a video file, a video device such as /dev/video0, or a folder of images';

/** Images of a folder a second, unless said otherwise. */
export const DEFAULT_FOLDER_RATE_HERTZ = 10;

/** Frames that are decoded before their time: a file that starts again takes as long as two or three frames. */
const FRAMES_AHEAD = 4;

/** Options of openSource. */
export const sourceOptionsSchema = z.strictObject({
  /** A video file, a device (/dev/video*) or a folder. */
  source: z.string().min(1, SOURCES),
  /** Whether a file or folder starts again at its end. */
  loop: z.boolean().default(false),
  /**
   * Frames a second instead of the source's own rate: a file plays faster or slower, a folder at this rate (its own is
   * 10), a device is asked for it. 0: the source's own.
   */
  rate: z
    .number('a number from 0 to 1000')
    .min(0, 'a number from 0 to 1000')
    .max(1000, 'a number from 0 to 1000')
    .default(0),
});

/** Options of openSource. */
export type SourceOptions = z.input<typeof sourceOptionsSchema>;

/**
 * Opens a video file (or GIF), a video device or a folder of images.
 *
 * Whether a file can be decoded shows at its first frame, not here. Images of a folder keep their own sizes; a video
 * whose picture changes its size is scaled to its first frame's.
 *
 * @param origin where the options came from, for errors
 * @param signal ends the source, without an error
 * @throws InvalidInputError where the source does not exist, is of no known kind or holds no image; Error where there is
 * no ffmpeg for a video or device
 */
export async function openSource(options: SourceOptions, origin: string, signal?: AbortSignal): Promise<FrameSource> {
  const { source, loop, rate } = parseOptions(sourceOptionsSchema, options, origin);
  const kind = await kindOf(source, origin);
  if (kind === 'folder') {
    const images = await listImages(source, origin);
    const rateHertz = rate || DEFAULT_FOLDER_RATE_HERTZ;
    const frames = folderFrames(images, rateHertz, loop, origin, signal);
    const description = `${images.length} images of ${source} at ${rateHertz} Hz${loop ? ', looping' : ''}`;
    return { description, isLive: false, [Symbol.asyncIterator]: () => readAhead(frames, FRAMES_AHEAD) };
  }
  const request = { ffmpeg: await findFfmpeg(), path: source, origin, signal };
  if (kind === 'device') {
    const framerate = rate > 0 ? ['-framerate', String(rate)] : [];
    const input = ['-fflags', 'nobuffer', '-f', 'v4l2', ...framerate, '-i', source];
    const frames = deviceFrames({ ...request, input, expected: 'a video device that delivers images' });
    return { description: `video device ${source}`, isLive: true, [Symbol.asyncIterator]: () => frames };
  }
  const input = ['-i', `file:${source}`];
  const frames = videoFrames({ ...request, input, expected: 'a video that can be decoded' }, loop);
  const timed = rate > 0 ? atRate(frames, rate) : frames;
  const description = `${source}${rate > 0 ? ` at ${rate} Hz` : ''}${loop ? ', looping' : ''}`;
  return { description, isLive: false, [Symbol.asyncIterator]: () => readAhead(timed, FRAMES_AHEAD) };
}

async function kindOf(source: string, origin: string): Promise<'folder' | 'device' | 'file'> {
  const stats = await stat(source).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it does not exist' : error.message;
    throw new InvalidInputError('source', source, `${SOURCES} (${why})`, origin, { cause: error });
  });
  if (stats.isDirectory()) return 'folder';
  if (stats.isCharacterDevice()) return 'device';
  if (stats.isFile()) return 'file';
  throw new InvalidInputError('source', source, SOURCES, origin);
}

async function* deviceFrames(request: DecodeRequest): AsyncGenerator<Frame, void> {
  let startSeconds: number | undefined;
  let index = 0;
  for await (const { data, width, height, timeSeconds } of decodeFrames(request)) {
    startSeconds ??= timeSeconds;
    yield { data, width, height, sourceTimeSeconds: timeSeconds - startSeconds, index: index++ };
  }
}

async function* atRate(frames: AsyncIterable<Frame>, rateHertz: number): AsyncGenerator<Frame, void> {
  for await (const frame of frames) yield { ...frame, sourceTimeSeconds: frame.index / rateHertz };
}
