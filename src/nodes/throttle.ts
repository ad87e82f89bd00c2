/** Kinds that are told apart within an interval; what comes beside them is of one kind together. */
const MOST_KINDS = 20;
const OTHERS = Symbol('others');

/**
 * Lets a message of a kind through only now and then, and counts those that it held back. However many kinds there are, neither
 * memory nor what is let through grows without bounds.
 */
export class Throttle {
  readonly #intervalMilliseconds: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string | symbol, { nextTime: number; held: number }>();

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
    const now = this.#now();
    const key = this.#keyOf(kind, now);
    const state = this.#kinds.get(key) ?? { nextTime: -Infinity, held: 0 };
    this.#kinds.set(key, state);
    if (now < state.nextTime) {
      state.held++;
      return;
    }
    const { held } = state;
    state.nextTime = now + this.#intervalMilliseconds;
    state.held = 0;
    log(held);
  }

  #keyOf(kind: string, now: number): string | symbol {
    if (this.#kinds.has(kind) || this.#kinds.size < MOST_KINDS) return kind;
    for (const [key, { nextTime }] of this.#kinds) if (nextTime <= now) this.#kinds.delete(key);
    return this.#kinds.size < MOST_KINDS ? kind : OTHERS;
  }
}
