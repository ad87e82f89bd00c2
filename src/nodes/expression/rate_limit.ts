/** Seconds that an image may come too early: cameras tremble, and every second image shall not be lost for it. */
const TOLERANCE_SECONDS = 0.005;

/** Lets so many images through in a second of their stamps. */
export class RateLimit {
  #next = -Infinity;
  #last = -Infinity;

  /**
   * @param stampSeconds of the image
   * @param maxRateHertz 0: all
   * @returns whether the image is to be processed
   */
  admits(stampSeconds: number, maxRateHertz: number): boolean {
    const interval = maxRateHertz > 0 ? 1 / maxRateHertz : 0;
    const beginsAnew = stampSeconds < this.#last || this.#next > stampSeconds + 2 * interval;
    this.#last = stampSeconds;
    if (beginsAnew) this.#next = -Infinity;
    if (stampSeconds < this.#next - Math.min(TOLERANCE_SECONDS, interval / 10)) return false;
    // On the grid of the wanted rate, so that the mean rate is right; a longer pause starts it anew.
    this.#next = stampSeconds - this.#next < interval ? this.#next + interval : stampSeconds + interval;
    return true;
  }
}
