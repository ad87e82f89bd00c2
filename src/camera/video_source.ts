import { type DecodedFrame, type DecodeRequest, decodeFrames } from './decode_frames.js';
import type { Frame } from './frame.js';

/**
 * The frames of a video file (or an animated GIF), at the file's own times.
 *
 * @param loop whether to start again at its end, for ever; the next round's first frame comes when the last frame has
 * had its duration
 * @throws as decodeFrames
 */
export async function* videoFrames(request: DecodeRequest, loop: boolean): AsyncGenerator<Frame, void> {
  let index = 0;
  let roundStartSeconds = 0;
  do {
    let first: DecodedFrame | undefined;
    let last: DecodedFrame | undefined;
    let intervalSeconds = 0;
    for await (const frame of decodeFrames(request)) {
      first ??= frame;
      if (last) intervalSeconds = frame.timeSeconds - last.timeSeconds;
      last = frame;
      const { data, width, height } = frame;
      const sourceTimeSeconds = roundStartSeconds + frame.timeSeconds - first.timeSeconds;
      yield { data, width, height, sourceTimeSeconds, index: index++ };
    }
    if (!first || !last) return;
    // Some releases of ffmpeg tell no durations: then the last frame is shown for as long as the one before it.
    const lastSeconds = last.durationSeconds || intervalSeconds || DEFAULT_INTERVAL_SECONDS;
    roundStartSeconds += last.timeSeconds - first.timeSeconds + lastSeconds;
  } while (loop && !request.signal?.aborted);
}

/** How long a lone frame of unknown duration is shown. */
const DEFAULT_INTERVAL_SECONDS = 0.04;
