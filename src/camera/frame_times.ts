import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** When a frame is shown, and how many bytes it has. */
export interface FrameTime {
  /** Seconds since the start of the stream. */
  readonly timeSeconds: number;
  /** Seconds until the next frame, 0 where the stream does not tell. */
  readonly durationSeconds: number;
  readonly byteLength: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/**
 * Reads what ffmpeg's framecrc muxer writes: a header with the time base and the picture's size, then a line for each
 * frame with its stream, decoding time, presentation time, duration, size in bytes and checksum.
 *
 * @throws Error at a line that is no such line
 */
export async function* readFrameTimes(stream: Readable): AsyncGenerator<FrameTime, void> {
  let secondsPerTick = Number.NaN;
  let width = 0;
  let height = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const header = /^#(\w+) 0: (\d+)[x/](\d+)$/.exec(line);
    if (header) {
      const [first, second] = [Number(header[2]), Number(header[3])];
      if (header[1] === 'tb') secondsPerTick = first / second;
      if (header[1] === 'dimensions') [width, height] = [first, second];
    }
    if (line.startsWith('#')) continue;
    const fields = line.split(',').map(Number);
    const [, , presentation, duration, byteLength] = fields;
    if (!(presentation! * secondsPerTick > Number.NEGATIVE_INFINITY) || byteLength !== width * height * 3) {
      throw new Error(`ffmpeg described a frame as "${line}", expected its time and ${width} x ${height} x 3 bytes`);
    }
    yield {
      timeSeconds: presentation! * secondsPerTick,
      durationSeconds: duration! * secondsPerTick,
      byteLength,
      width,
      height,
    };
  }
}
