/** Lets a message of a kind through only now and then, and counts those that it held back. */
export class Throttle {
  readonly #intervalMilliseconds: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string, { nextTime: number; held: number }>();

  /** @param now a clock in milliseconds that never goes back */
  constructor(intervalSeconds: number, now: () => number = () => performance.now()) {
    this.#intervalMilliseconds = intervalSeconds * 1000;
    this.#now = now;
  }

  /**
   * Calls log if no message of the kind was let through within the interval.
   *
   * @param log gets how many of the kind were held back since the last one
   */
  run(kind: string, log: (held: number) => void): void {
    const state = this.#kinds.get(kind) ?? { nextTime: -Infinity, held: 0 };
    this.#kinds.set(kind, state);
    const now = this.#now();
    if (now < state.nextTime) {
      state.held++;
      return;
    }
    const { held } = state;
    state.nextTime = now + this.#intervalMilliseconds;
    state.held = 0;
    log(held);
  }
}
