/** For so long after the last listener has left, another one finds the faces still followed. */
const LINGER_MILLISECONDS = 2000;

/** Whether there is a use for images: somebody listens, or did a moment ago (ros2 topic echo --once comes and goes). */
export class Demand {
  readonly #now: () => number;
  #lastWanted = -Infinity;

  /** @param now a clock in milliseconds that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param wanted whether somebody listens now */
  lasts(wanted: boolean): boolean {
    const now = this.#now();
    if (wanted) this.#lastWanted = now;
    return now - this.#lastWanted < LINGER_MILLISECONDS;
  }
}
