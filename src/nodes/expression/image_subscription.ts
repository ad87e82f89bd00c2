import type { MessageInfo, Node, Subscription } from 'rclnodejs';
import { describeError } from '../../errors.js';
import type { CompressedImageMessage, ImageMessage } from '../messages.js';
import { BEST_EFFORT, keepLast, RELIABLE } from '../qos.js';
import { explainSilence, isUnheard } from './image_silence.js';
import { type ImageStream, type ImageStreams, imageStreams, offersOf } from './image_stream.js';
import type { ImageTransport } from './image_transport.js';
import { LostImages } from './lost_images.js';

/** How an image subscription asks for images. */
export type Reliability = 'auto' | 'reliable' | 'best_effort';

/** Which images are wanted, how they are asked for, and how many may wait: 1 by default. */
export interface ImageWishes {
  readonly transport: ImageTransport;
  readonly reliability: Reliability;
  readonly depth?: number;
}

/** What an ImageSubscription tells its owner. */
export interface ImageSubscriptionEvents {
  /** May throw: that is a failure, and the next image comes all the same. */
  onImage(message: ImageMessage | CompressedImageMessage): void;
  /** Something went wrong, in the subscription or in `onImage`; it goes on. */
  onFailure(message: string): void;
}

/** What is subscribed to. */
interface Asked {
  readonly stream: ImageStream;
  /** rmw's number. */
  readonly reliability: number;
}

/** How often it is looked who publishes, and whether images come. */
const WATCH_MILLISECONDS = 500;
/** Without an image for this long, a warning says why that may be. */
const SILENCE_SECONDS = 5;
/** And again after so long. */
const REMINDER_SECONDS = 60;

/**
 * A subscription to images, raw or compressed, that says what is wrong when nothing arrives. With `auto` it asks for what the
 * publishers offer, and goes on asking as they come and go.
 */
export class ImageSubscription {
  readonly #node: Node;
  readonly #streams: ImageStreams;
  readonly #wishes: ImageWishes;
  readonly #events: ImageSubscriptionEvents;
  readonly #timer: NodeJS.Timeout;
  readonly #lost = new LostImages();
  #subscription: Subscription | undefined;
  #asked: Asked;
  #lastImage = performance.now();
  #lastWarning = -Infinity;
  #silent = false;
  #unheard = 0;
  #received = 0;

  constructor(node: Node, topic: string, wishes: ImageWishes, events: ImageSubscriptionEvents) {
    this.#node = node;
    this.#streams = imageStreams(node, topic);
    this.#wishes = wishes;
    this.#events = events;
    this.#asked = { stream: this.#streams.raw, reliability: BEST_EFFORT };
    this.#asked = this.#wanted();
    this.#subscribe();
    // Not a timer of ROS: to make one stops the node's waiting for messages, which holds the thread up.
    this.#timer = setInterval(() => this.#guard(() => this.#watch()), WATCH_MILLISECONDS);
  }

  /** The whole name of the topic that is subscribed to, after remapping. */
  get topic(): string {
    return this.#asked.stream.topic;
  }

  /** How many images have arrived. */
  get received(): number {
    return this.#received;
  }

  /** How many were published and never arrived, as newer ones took their place in the queue or the network lost them. */
  get lost(): number {
    return this.#lost.count;
  }

  /** That no image has come for some seconds, and why that may be, for a person; undefined where some did. */
  get silence(): string | undefined {
    const seconds = (performance.now() - this.#lastImage) / 1000;
    if (seconds < SILENCE_SECONDS) return undefined;
    const { stream, reliability } = this.#asked;
    const reason = explainSilence(this.#node, this.#streams, stream, reliability);
    return `No image on ${this.topic} for ${Math.round(seconds)} s: ${reason}`;
  }

  /** Ends the subscription; no image is handed on after that. */
  destroy(): void {
    clearInterval(this.#timer);
    if (this.#subscription) this.#node.destroySubscription(this.#subscription);
    this.#subscription = undefined;
  }

  /** What to ask for, given who publishes now. */
  #wanted(): Asked {
    const stream = this.#wantedStream();
    const { reliability } = this.#wishes;
    if (reliability !== 'auto') return { stream, reliability: reliability === 'reliable' ? RELIABLE : BEST_EFFORT };
    const offers = offersOf(this.#node, stream);
    if (offers.length === 0) return { stream, reliability: this.#asked.reliability ?? BEST_EFFORT };
    return { stream, reliability: offers.every((offer) => offer.reliability === RELIABLE) ? RELIABLE : BEST_EFFORT };
  }

  #wantedStream(): ImageStream {
    const { transport } = this.#wishes;
    const { raw, compressed } = this.#streams;
    if (transport !== 'auto') return this.#streams[transport];
    const published = [raw, compressed].find((stream) => offersOf(this.#node, stream).length > 0);
    return published ?? this.#asked.stream;
  }

  #subscribe(): void {
    if (this.#subscription) this.#node.destroySubscription(this.#subscription);
    const { stream, reliability } = this.#asked;
    const { depth = 1 } = this.#wishes;
    this.#subscription = this.#node.createSubscription(
      stream.type,
      stream.topic,
      { qos: keepLast(depth, reliability) },
      // rclnodejs gives the second only to callbacks that name two.
      (message: ImageMessage | CompressedImageMessage, info?: MessageInfo) =>
        this.#guard(() => this.#onMessage(message, info)),
    );
  }

  #onMessage(message: ImageMessage | CompressedImageMessage, info: MessageInfo | undefined): void {
    this.#received++;
    if (info) this.#lost.arrived(info.publisherGid.toString('latin1'), info.publicationSequenceNumber);
    this.#lastImage = performance.now();
    if (this.#silent) {
      this.#silent = false;
      this.#lastWarning = -Infinity;
      this.#node.getLogger().info(`Images arrive on ${this.topic} again.`);
    }
    this.#events.onImage(message);
  }

  #watch(): void {
    const wanted = this.#wanted();
    const { stream, reliability } = this.#asked;
    if (wanted.stream !== stream || wanted.reliability !== reliability) {
      this.#asked = wanted;
      this.#subscribe();
      if (wanted.stream !== stream) this.#node.getLogger().info(`Images are taken from ${this.topic}.`);
    }
    this.#warnOfUnheard();
    this.#warnOfSilence();
  }

  /** Of some publishers among others that are heard nobody would know otherwise. */
  #warnOfUnheard(): void {
    const { stream, reliability } = this.#asked;
    const offers = offersOf(this.#node, stream);
    const unheard = offers.filter((offer) => isUnheard(offer.reliability, reliability)).length;
    if (unheard > this.#unheard) {
      this.#node
        .getLogger()
        .warn(
          `${unheard} of ${offers.length} publisher(s) on ${stream.topic} are best effort, and not heard, since the parameter reliability is reliable. Set it to auto or best_effort.`,
        );
    }
    this.#unheard = unheard;
  }

  #warnOfSilence(): void {
    const now = performance.now();
    if (now - this.#lastImage < SILENCE_SECONDS * 1000 || now - this.#lastWarning < REMINDER_SECONDS * 1000) return;
    this.#silent = true;
    this.#lastWarning = now;
    this.#node.getLogger().warn(this.silence!);
  }

  /** Runs a callback: an error thrown through rclnodejs would abort the process. */
  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#events.onFailure(`On ${this.topic}: ${describeError(error)}`);
    }
  }
}
