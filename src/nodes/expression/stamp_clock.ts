import { secondsBetween, type TimeMessage } from '../messages.js';

/** Stamps of images as seconds since the first one: small numbers lose no nanoseconds. */
export class StampClock {
  #first: TimeMessage | undefined;

  /** @returns undefined for a stamp of 0, which is none */
  secondsOf({ sec, nanosec }: TimeMessage): number | undefined {
    if (sec === 0 && nanosec === 0) return undefined;
    this.#first ??= { sec, nanosec };
    return secondsBetween(this.#first, { sec, nanosec });
  }
}
