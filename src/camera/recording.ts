import { stat } from 'node:fs/promises';
import { ExpectedError, errorMessage, InvalidInputError } from '../errors.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { clipSeconds } from './clip_length.js';
import { decodeFrames } from './decode_frames.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import { listImages } from './folder_source.js';
import { readImageSequence } from './image_sequence.js';
import { readAhead } from './read_ahead.js';

/** A frame of a recording. */
export interface RecordedFrame {
  readonly image: RgbImage;
  /** Seconds since the first frame, as the recording says. */
  readonly stampSeconds: number;
  /** 0 for the first frame, then one more for each. */
  readonly index: number;
}

/** A video file, or a folder of images. */
export interface Recording {
  /** Every frame, once, in order; decoded a few frames ahead. To be walked once. */
  readonly frames: AsyncIterable<RecordedFrame>;
  /** Whatever its rate: of the last frame; undefined where it is not known before that comes. */
  readonly seconds: number | undefined;
}

/** How a recording is read. */
export interface RecordingOptions {
  readonly ffmpeg: FfmpegProgram;
  /** Images of a folder a second, above 0. */
  readonly folderRateHertz: number;
  /** Called for damage, in words; the frames that can be read come all the same. Left out, damage is an error. */
  readonly onDamage?: ((words: string) => void) | undefined;
  /** Ends it: the frames then throw its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Frames that are decoded before they are asked for. */
const FRAMES_AHEAD = 4;

/**
 * Opens a recording: a video file (or GIF), or a folder of images, in natural order and each at its own size.
 *
 * @param origin where the path came from, for errors
 * @throws InvalidInputError where there is no such file or folder, or no image in it; its frames throw ExpectedErrors where
 *   they cannot be decoded
 */
export async function openRecording(path: string, options: RecordingOptions, origin: string): Promise<Recording> {
  const expected = 'a video file or a folder of images';
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it does not exist' : error.message;
    throw new InvalidInputError('the video', path, `${expected} (${why})`, origin, { cause: error });
  });
  if (stats.isDirectory()) {
    const images = await listImages(path, origin);
    const frames = readAhead(folderFrames(images, options, origin), FRAMES_AHEAD);
    return { frames, seconds: (images.length - 1) / options.folderRateHertz };
  }
  if (!stats.isFile()) throw new InvalidInputError('the video', path, expected, origin);
  const frames = readAhead(clipFrames(path, options, origin), FRAMES_AHEAD);
  return { frames, seconds: await clipSeconds(path, options.ffmpeg) };
}

async function* clipFrames(
  path: string,
  { ffmpeg, onDamage, signal }: RecordingOptions,
  origin: string,
): AsyncGenerator<RecordedFrame, void> {
  let start: number | undefined;
  let index = 0;
  let complaint: string | undefined;
  try {
    const decoded = decodeFrames({
      ffmpeg,
      input: ['-i', `file:${path}`],
      path,
      expected: 'a video that can be decoded',
      origin,
      encoding: 'rgb8',
      onComplaint: (words) => {
        complaint = words;
      },
      signal,
    });
    for await (const { data, width, height, timeSeconds } of decoded) {
      start ??= timeSeconds;
      yield { image: { data, width, height }, stampSeconds: timeSeconds - start, index: index++ };
    }
  } catch (error) {
    if (index === 0 || onDamage === undefined || !(error instanceof ExpectedError)) throw error;
    onDamage(error.message);
  }
  signal?.throwIfAborted();
  if (complaint === undefined) return;
  if (onDamage === undefined) {
    const whole = `a whole video that can be decoded (ffmpeg: ${complaint})`;
    throw new InvalidInputError('the video', path, whole, origin);
  }
  onDamage(`the video is damaged (ffmpeg: ${complaint})`);
}

async function* folderFrames(
  files: readonly string[],
  { folderRateHertz, onDamage, signal }: RecordingOptions,
  origin: string,
): AsyncGenerator<RecordedFrame, void> {
  let index = 0;
  for await (const { file, image, reason } of readImageSequence(files, origin, signal)) {
    if (image !== null) yield { image, stampSeconds: index / folderRateHertz, index };
    else if (onDamage === undefined) throw new ExpectedError(reason);
    else onDamage(`${file}: ${errorMessage(reason)}`);
    index++;
  }
}
