import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, FrameSource } from './frame.js';

/** Later than this, seconds, a source is not caught up with but goes on from now (a machine that slept, a stall). */
const HOPELESS_DELAY_SECONDS = 1;

/** How frames are paced. */
export interface PacingOptions {
  /** Ends the frames, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** A clock that never goes back, seconds; default the process' own. */
  readonly nowSeconds?: () => number;
  /** Waits; default a timer. */
  readonly wait?: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/**
 * Hands out each frame of a source at its time. The first one sets the clock; each later one is due at its time after
 * the first, so that small delays do not add up. A live source is passed through: its frames come when they happen.
 */
export async function* paced(source: FrameSource, options: PacingOptions = {}): AsyncGenerator<Frame, void> {
  const { signal, nowSeconds = () => performance.now() / 1000, wait = waitSeconds } = options;
  let startSeconds: number | undefined;
  for await (const frame of source) {
    if (signal?.aborted) return;
    if (!source.isLive) {
      startSeconds ??= nowSeconds() - frame.sourceTimeSeconds;
      const remainingSeconds = startSeconds + frame.sourceTimeSeconds - nowSeconds();
      if (remainingSeconds > 0) await wait(remainingSeconds, signal);
      else if (-remainingSeconds > HOPELESS_DELAY_SECONDS) startSeconds -= remainingSeconds;
      if (signal?.aborted) return;
    }
    yield frame;
  }
}

async function waitSeconds(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
