import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ExpectedError, InvalidInputError } from '../errors.js';
import { replaceWhole } from '../files.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { type FfmpegOutcome, ffmpegOutcome } from './ffmpeg_outcome.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import { MATROSKA_TICKS_PER_SECOND, matroskaFrame, matroskaHeader } from './matroska.js';

/** Takes the next picture of a video; settled when another one is welcome. */
export type PutPicture = (image: RgbImage, stampSeconds: number) => Promise<void>;

/** Fine enough for any rate of frames. */
const TICKS_PER_SECOND = 90_000;

/**
 * Writes an MP4 file (H.264) of pictures, each at its own time and none left out; the file is there when it is whole. Odd widths
 * and heights grow by one pixel, as H.264 wants it.
 *
 * @param produce gives the pictures, all of one size, their times rising
 * @param signal kills the encoder
 * @throws InvalidInputError for a picture of another size than the first; ExpectedError with ffmpeg's words where it cannot
 *   write the file, or where there was no picture; what `produce` throws
 */
export function writeVideo(
  path: string,
  ffmpeg: FfmpegProgram,
  produce: (put: PutPicture) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  return replaceWhole(path, async (partial) => {
    const encoder = new Encoder(path, partial, ffmpeg);
    const stop = () => encoder.kill();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await produce((image, stampSeconds) => encoder.put(image, stampSeconds));
      await encoder.end();
    } finally {
      signal?.removeEventListener('abort', stop);
      await encoder.close();
    }
  });
}

class Encoder {
  readonly #path: string;
  readonly #child: ChildProcess;
  readonly #outcome: Promise<FfmpegOutcome>;
  #size: { readonly width: number; readonly height: number } | undefined;
  #lastTicks = -1;
  #hasEnded = false;

  constructor(path: string, partial: string, ffmpeg: FfmpegProgram) {
    this.#path = path;
    this.#child = spawn(
      ffmpeg.path,
      [
        ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', '-f', 'matroska', '-i', 'pipe:0'],
        ...['-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20'],
        ...['-pix_fmt', 'yuv420p', ...ffmpeg.everyFrameOnce, '-enc_time_base', `1:${TICKS_PER_SECOND}`],
        ...['-video_track_timescale', String(TICKS_PER_SECOND), '-movflags', '+faststart', '-f', 'mp4'],
        `file:${partial}`,
      ],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    this.#outcome = ffmpegOutcome(this.#child);
    this.#outcome.then(() => {
      this.#hasEnded = true;
    });
    // It may end before it has read all: what it complained of is told by the outcome.
    this.#child.stdin!.on('error', () => undefined);
  }

  async put({ data, width, height }: RgbImage, stampSeconds: number): Promise<void> {
    if (this.#size === undefined) {
      this.#size = { width, height };
      this.#child.stdin!.write(matroskaHeader(width, height));
    }
    if (width !== this.#size.width || height !== this.#size.height) {
      const { width: w, height: h } = this.#size;
      const expected = `${w} x ${h} as the first one's, since a video's pictures are all of one size`;
      throw new InvalidInputError("a picture's size", `${width} x ${height}`, expected, this.#path);
    }
    // Two pictures at the same time would be one.
    const ticks = Math.max(this.#lastTicks + 1, Math.round(stampSeconds * MATROSKA_TICKS_PER_SECOND));
    this.#lastTicks = ticks;
    this.#child.stdin!.write(matroskaFrame(data.length, ticks));
    if (this.#child.stdin!.write(data)) return;
    await Promise.race([once(this.#child.stdin!, 'drain').catch(() => undefined), this.#outcome]);
    if (this.#hasEnded) await this.#fail();
  }

  /** @throws ExpectedError where the file was not written */
  async end(): Promise<void> {
    this.#child.stdin!.end();
    const { succeeded } = await this.#outcome;
    if (!succeeded || this.#size === undefined) await this.#fail();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Waits until nothing writes any more. */
  async close(): Promise<void> {
    if (!this.#hasEnded) this.kill();
    await this.#outcome;
  }

  async #fail(): Promise<never> {
    const { complaint } = await this.#outcome;
    const words = this.#size === undefined ? 'there was no picture' : `ffmpeg: ${complaint ?? 'it ended'}`;
    throw new ExpectedError(`${this.#path} cannot be written (${words})`);
  }
}
