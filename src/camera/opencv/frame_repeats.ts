/**
 * How often each of a clip's frames is there at another rate: 0 where it is left out. As ffmpeg's filter fps does it, time is
 * rounded to the nearest tick of the new rate, and of frames at the same tick the last counts.
 */
export class FrameRepeats {
  readonly #rateHertz: number;
  /** The tick of the next frame that is given out. */
  #tick: number | undefined;

  /** @param rateHertz frames a second */
  constructor(rateHertz: number) {
    this.#rateHertz = rateHertz;
  }

  /**
   * @param seconds when the frame is shown
   * @param endSeconds when the next one is; after the last, when the clip ends
   */
  next(seconds: number, endSeconds: number): number {
    this.#tick ??= this.#tickOf(seconds);
    const repeats = Math.max(0, this.#tickOf(endSeconds) - this.#tick);
    this.#tick += repeats;
    return repeats;
  }

  #tickOf(seconds: number): number {
    // Times in milliseconds are a little off: half a tick is to stay half a tick.
    return Math.floor(seconds * this.#rateHertz + 0.5 + 1e-6);
  }
}
