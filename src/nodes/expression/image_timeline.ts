import { LONGEST_GAP_SECONDS } from '../../perception/window/longest_gap.js';
import { secondsBetween, type TimeMessage } from '../messages.js';

/** How many images had a stamp that is no simple continuation. */
export interface StampCounts {
  /** Older than one before them; not processed. */
  readonly late: number;
  /** With the stamp of the image before; not processed. */
  readonly repeated: number;
  /** Times that stamps went back and stayed there: all faces were forgotten. */
  readonly jumpsBack: number;
  /** Times that stamps went on by so much that windows began anew. */
  readonly jumpsForward: number;
  /** Without a stamp; the time of arrival was taken. */
  readonly unstamped: number;
}

/** Where an image that is to be processed is in time. */
export interface ImageMoment {
  /** Its stamp, or the time when it arrived where it has none. */
  readonly stamp: TimeMessage;
  /** The same in seconds since the first image: small numbers lose no nanoseconds. */
  readonly seconds: number;
  /** Whether what is known of images before is of another time: a recording that begins anew, a clock that was set back. */
  readonly beginsAnew: boolean;
}

/**
 * The order of images by their stamps alone, so that a recording gives the same at any rate. An image that is older than one before
 * it is late, and so is the next one; where that goes on from there, by more than a network can delay it, time has gone back.
 */
export class ImageTimeline {
  readonly #warn: (kind: string, message: string) => void;
  readonly #counts = { late: 0, repeated: 0, jumpsBack: 0, jumpsForward: 0, unstamped: 0 };
  #first: TimeMessage | undefined;
  #newestSeconds: number | undefined;
  /** Of the image before, where it was late. */
  #lateSeconds: number | undefined;

  /** @param warn told of every image that is out of the ordinary, by kind and as a sentence */
  constructor(warn: (kind: string, message: string) => void) {
    this.#warn = warn;
  }

  get counts(): StampCounts {
    return { ...this.#counts };
  }

  /** Forgets the images before; the counts go on. */
  begin(): void {
    this.#first = undefined;
    this.#newestSeconds = undefined;
    this.#lateSeconds = undefined;
  }

  /**
   * Places the next image.
   *
   * @param stamp of the image; 0: it has none
   * @param now the node's clock, simulated or not
   * @returns undefined for an image that is not to be processed
   */
  place(stamp: TimeMessage, now: () => TimeMessage): ImageMoment | undefined {
    const isStamped = stamp.sec !== 0 || stamp.nanosec !== 0;
    if (!isStamped) this.#tell('unstamped', 'Images have no stamp: the time when they arrive is taken instead.');
    const { sec, nanosec } = isStamped ? stamp : now();
    const taken = { sec, nanosec };
    this.#first ??= taken;
    const seconds = secondsBetween(this.#first, taken);
    const step = this.#newestSeconds === undefined ? undefined : seconds - this.#newestSeconds;
    if (step === 0) {
      this.#tell('repeated', 'An image has the stamp of the one before it, and is not processed.');
      return undefined;
    }
    const beginsAnew = step !== undefined && step < 0;
    if (beginsAnew) {
      const goesOn = this.#lateSeconds !== undefined && seconds >= this.#lateSeconds;
      this.#lateSeconds = seconds;
      const ago = `${(-step).toFixed(2)} s`;
      if (!goesOn || step >= -LONGEST_GAP_SECONDS) {
        this.#tell('late', `An image is ${ago} older than one before it, and is not processed.`);
        return undefined;
      }
      const why = 'a recording that begins anew, a clock that was set, or several cameras on one topic';
      this.#tell('jumpsBack', `Stamps have gone back by ${ago} (${why}): all faces are forgotten.`);
    } else if (step !== undefined && step > LONGEST_GAP_SECONDS) {
      const words = `Images are ${step.toFixed(2)} s apart by their stamps`;
      this.#tell('jumpsForward', `${words}, more than ${LONGEST_GAP_SECONDS} s: windows begin anew.`);
    }
    this.#newestSeconds = seconds;
    this.#lateSeconds = undefined;
    return { stamp: taken, seconds, beginsAnew };
  }

  #tell(kind: keyof StampCounts, message: string): void {
    this.#counts[kind]++;
    this.#warn(kind, message);
  }
}

/** The counts in words, for a summary. */
export function describeStampCounts({ late, repeated, jumpsBack, jumpsForward, unstamped }: StampCounts): string {
  return `${late} late, ${repeated} of a repeated stamp, ${unstamped} without a stamp; stamps went back ${jumpsBack} and forward ${jumpsForward} times`;
}
