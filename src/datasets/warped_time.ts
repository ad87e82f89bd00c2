/** The largest amount: beyond 1 / pi time would run backwards. */
export const LARGEST_WARP = 0.3;

/** A moment between two frames. */
export interface BetweenFrames {
  /** The frame before it. */
  readonly before: number;
  /** The share of the way to the next frame, 0 (also where there is no next one) to below 1. */
  readonly part: number;
}

/**
 * What a frame shows where time runs unevenly: at the share s of the length what was at s + amount * sin(pi s), which rises for
 * amounts below 1 / pi; the first and the last frame stay.
 *
 * @param frame 0 .. frames - 1; @param amount -LARGEST_WARP to LARGEST_WARP
 */
export function warpedTime(frame: number, frames: number, amount: number): BetweenFrames {
  const share = frames > 1 ? frame / (frames - 1) : 0;
  const time = Math.min(frames - 1, Math.max(0, (share + amount * Math.sin(Math.PI * share)) * (frames - 1)));
  const before = Math.min(Math.floor(time), Math.max(0, frames - 2));
  return { before, part: time - before };
}
