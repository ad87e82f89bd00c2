import type { ManagedNode } from '../lifecycle/managed_node.js';
import type { CompressedImageMessage, ImageMessage } from '../messages.js';
import type { NodeParameters } from '../parameters/node_parameters.js';
import { Demand } from './demand.js';
import type { EXPRESSION_PARAMETERS } from './expression_parameters.js';
import { ImageSubscription } from './image_subscription.js';
import { type ImageMoment, ImageTimeline, type StampCounts } from './image_timeline.js';
import { RateLimit } from './rate_limit.js';

/** How often it is looked whether somebody listens. */
const DEMAND_MILLISECONDS = 100;

/** An image that is to be processed. */
export interface TakenImage {
  readonly message: ImageMessage | CompressedImageMessage;
  readonly moment: ImageMoment;
  /** Where it came from, for an error. */
  readonly origin: string;
}

/** What an ImageIntake asks its owner, and tells it. Whatever these throw is reported by the node. */
export interface IntakeEvents {
  /** Whether somebody listens to what comes of the images. */
  isWanted(): boolean;
  onImage(image: TakenImage): void;
  /** Who is in the next image need not be who was in the images before. */
  onBeginning(): void;
  /** No more images are taken for now. */
  onPause(): void;
  /** @param kind of which one is enough now and then */
  onWarning(kind: string, message: string): void;
}

/**
 * The images of the topic `image` that are to be processed, in the order of their stamps and at no more than `max_rate_hz`: while
 * it is open and enabled and, with the parameter `lazy`, somebody listens. All others are counted.
 */
export class ImageIntake {
  readonly #node: ManagedNode;
  readonly #parameters: NodeParameters<typeof EXPRESSION_PARAMETERS>;
  readonly #events: IntakeEvents;
  readonly #timeline: ImageTimeline;
  #enabled = true;
  /** Runs while it is open. */
  #timer: NodeJS.Timeout | undefined;
  #demand = new Demand();
  #rateLimit = new RateLimit();
  #subscription: ImageSubscription | undefined;
  #skipped = 0;
  #receivedBefore = 0;
  #lostBefore = 0;

  constructor(node: ManagedNode, parameters: NodeParameters<typeof EXPRESSION_PARAMETERS>, events: IntakeEvents) {
    this.#node = node;
    this.#parameters = parameters;
    this.#events = events;
    this.#timeline = new ImageTimeline((kind, message) => events.onWarning(kind, `On ${this.topic}: ${message}`));
  }

  /** The whole name of the topic that images are, or would be, taken from. */
  get topic(): string {
    return this.#subscription?.topic ?? this.#node.resolveTopicName('image');
  }

  /** Whether images are taken now. */
  get isTaking(): boolean {
    return this.#subscription !== undefined;
  }

  /** Why no image arrives though they are taken; see ImageSubscription. */
  get silence(): string | undefined {
    return this.#subscription?.silence;
  }

  /** Images so far, as in ImageCounts. */
  get counts(): { readonly received: number; readonly lost: number; readonly skipped: number } {
    return {
      received: this.#receivedBefore + (this.#subscription?.received ?? 0),
      lost: this.#lostBefore + (this.#subscription?.lost ?? 0),
      skipped: this.#skipped,
    };
  }

  get stampCounts(): StampCounts {
    return this.#timeline.counts;
  }

  /** Whether images are welcome while it is open; true at first. */
  get enabled(): boolean {
    return this.#enabled;
  }

  set enabled(enabled: boolean) {
    this.#enabled = enabled;
    this.#followDemand();
  }

  open(): void {
    this.#rateLimit = new RateLimit();
    this.#demand = new Demand();
    this.#timer = setInterval(() => this.#node.guard(() => this.#followDemand()), DEMAND_MILLISECONDS);
    this.#followDemand();
  }

  /** No image is handed on after that. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#followDemand();
  }

  /** The next image is taken whatever its stamp: it is the first of another recording, perhaps. */
  beginAnew(): void {
    this.#timeline.begin();
    this.#events.onBeginning();
  }

  #followDemand(): void {
    const isOpen = this.#timer !== undefined && this.#enabled;
    const takes = isOpen && (!this.#parameters.values.lazy || this.#demand.lasts(this.#events.isWanted()));
    if (takes && !this.#subscription) this.#subscribe();
    if (!takes && this.#subscription) this.#unsubscribe();
  }

  #subscribe(): void {
    this.beginAnew();
    this.#node.getLogger().debug('Images are taken from now on.');
    const { image_transport: transport, reliability, depth } = this.#parameters.values;
    const wishes = { transport, reliability, depth };
    this.#subscription = new ImageSubscription(this.#node, 'image', wishes, {
      onImage: (message) => this.#onMessage(message),
      onFailure: (message) => this.#node.reportFailure(message),
    });
  }

  #unsubscribe(): void {
    this.#receivedBefore += this.#subscription!.received;
    this.#lostBefore += this.#subscription!.lost;
    this.#subscription!.destroy();
    this.#subscription = undefined;
    this.#events.onPause();
    this.#node.getLogger().debug('No more images are taken for now.');
  }

  #onMessage(message: ImageMessage | CompressedImageMessage): void {
    const moment = this.#timeline.place(message.header.stamp, () => this.#node.stampNow);
    if (moment === undefined) return;
    if (moment.beginsAnew) this.#events.onBeginning();
    if (!this.#rateLimit.admits(moment.seconds, this.#parameters.values.max_rate_hz)) {
      this.#skipped++;
      return;
    }
    this.#events.onImage({ message, moment, origin: `the image on ${this.topic}` });
  }
}
