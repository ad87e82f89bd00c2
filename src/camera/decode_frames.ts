import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ExpectedError, InvalidInputError } from '../errors.js';
import { ByteReader } from './byte_reader.js';
import { ffmpegOutcome } from './ffmpeg_outcome.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import { type FrameTime, readFrameTimes } from './frame_times.js';

/** A frame as it comes out of one run of ffmpeg. */
export interface DecodedFrame extends FrameTime {
  /** Pixels without padding, bgr8 or rgb8 as asked for. */
  readonly data: Uint8Array;
}

/** What to decode. */
export interface DecodeRequest {
  readonly ffmpeg: FfmpegProgram;
  /** ffmpeg's options that choose the input, from -f to -i. */
  readonly input: readonly string[];
  /** The file or device, for errors. */
  readonly path: string;
  /** What the path should have been, for errors. */
  readonly expected: string;
  /** Where the path came from, for errors. */
  readonly origin: string;
  /** The order of a pixel's channels; bgr8 by default. */
  readonly encoding?: 'bgr8' | 'rgb8' | undefined;
  /** Called at the end where ffmpeg decoded all that it found, but complained: the file may be cut short. */
  readonly onComplaint?: ((words: string) => void) | undefined;
  /** Ends decoding, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Fine enough for any camera, so that times are not rounded to an assumed frame rate. */
const TICKS_PER_SECOND = 90_000;

/** ffmpeg's names. */
const PIXEL_FORMATS = { bgr8: 'bgr24', rgb8: 'rgb24' } as const;

/**
 * Decodes a file's or a device's first video stream, frame by frame, in a child process.
 *
 * The next frame is read only when it is asked for, so at most that frame and one pipe's worth of bytes are in memory.
 *
 * @throws InvalidInputError when not even one frame could be decoded, with ffmpeg's own words; ExpectedError when
 * decoding stopped later
 */
export async function* decodeFrames(request: DecodeRequest): AsyncGenerator<DecodedFrame, void> {
  const { ffmpeg, signal, encoding = 'bgr8' } = request;
  if (signal?.aborted) return;
  // Times come first, so that a frame's size is known before its bytes are.
  const outputs = '[f=framecrc:flush_packets=1]pipe\\:3|[f=rawvideo]pipe\\:1';
  const child = spawn(
    ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', ...request.input],
      ...['-map', '0:v:0', '-c:v', 'rawvideo', '-pix_fmt', PIXEL_FORMATS[encoding], ...ffmpeg.everyFrameOnce],
      ...['-enc_time_base', `1:${TICKS_PER_SECOND}`, '-f', 'tee', outputs],
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const ended = ffmpegOutcome(child);
  const pixels = child.stdio[1] as Readable;
  const times = child.stdio[3] as Readable;
  const bytes = new ByteReader(pixels);
  let frames = 0;
  try {
    for await (const time of readFrameTimes(times)) {
      const data = await bytes.read(time.byteLength);
      if (!data) break;
      yield { ...time, data };
      frames++;
    }
    const { succeeded, complaint } = await ended;
    if (signal?.aborted) return;
    if (frames === 0) {
      const words = complaint ?? 'it has no frames';
      throw new InvalidInputError('source', request.path, `${request.expected} (ffmpeg: ${words})`, request.origin);
    }
    if (!succeeded) throw new ExpectedError(`${request.path} stopped after ${frames} frames (ffmpeg: ${complaint})`);
    if (complaint !== undefined) request.onComplaint?.(complaint);
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    pixels.destroy();
    times.destroy();
  }
}
