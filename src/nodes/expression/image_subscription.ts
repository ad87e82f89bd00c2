import type { Node, Subscription, Timer } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { describeError } from '../../errors.js';
import type { ImageMessage } from '../messages.js';

/** How an image subscription asks for images. */
export type Reliability = 'auto' | 'reliable' | 'best_effort';

/** How many images may wait, 1 by default, and how they are asked for. */
export interface ImageQos {
  readonly reliability: Reliability;
  readonly depth?: number;
}

const { HistoryPolicy, ReliabilityPolicy } = rclnodejs.QoS;
const RELIABLE = ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE;
const BEST_EFFORT = ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT;

/** How often it is looked who publishes, and whether images come. */
const WATCH_MILLISECONDS = 500;
/** Without an image for this long, a warning says why that may be. */
const SILENCE_SECONDS = 5;
/** And again after so long. */
const REMINDER_SECONDS = 60;

/**
 * A subscription to sensor_msgs/Image that says what is wrong when nothing arrives, and that with reliability `auto`
 * asks for what the publishers offer.
 */
export class ImageSubscription {
  readonly #node: Node;
  readonly #topic: string;
  readonly #reliability: Reliability;
  readonly #depth: number;
  readonly #onImage: (message: ImageMessage) => void;
  readonly #timer: Timer;
  #subscription: Subscription | undefined;
  #asked: number | undefined;
  #lastImage = performance.now();
  #lastWarning = -Infinity;
  #silent = false;
  #received = 0;

  /** @param onImage may throw: the error is logged, and the next image comes all the same */
  constructor(
    node: Node,
    topic: string,
    { reliability, depth = 1 }: ImageQos,
    onImage: (message: ImageMessage) => void,
  ) {
    this.#node = node;
    this.#topic = node.resolveTopicName(topic);
    this.#reliability = reliability;
    this.#depth = depth;
    this.#onImage = onImage;
    this.#subscribe(this.#wanted());
    this.#timer = node.createTimer(BigInt(WATCH_MILLISECONDS) * 1_000_000n, () => this.#guard(() => this.#watch()));
  }

  /** The topic's whole name, after remapping. */
  get topic(): string {
    return this.#topic;
  }

  /** How many images have arrived. */
  get received(): number {
    return this.#received;
  }

  /** Ends the subscription; no image is handed on after that. */
  destroy(): void {
    this.#node.destroyTimer(this.#timer);
    if (this.#subscription) this.#node.destroySubscription(this.#subscription);
    this.#subscription = undefined;
  }

  /** rmw's number of the reliability to ask for, given who publishes now. */
  #wanted(): number {
    if (this.#reliability === 'reliable') return RELIABLE;
    if (this.#reliability === 'best_effort') return BEST_EFFORT;
    const offers = this.#offers();
    if (offers.length === 0) return this.#asked ?? BEST_EFFORT;
    return offers.every((offer) => offer === RELIABLE) ? RELIABLE : BEST_EFFORT;
  }

  /** The reliability of each publisher on the topic. */
  #offers(): number[] {
    return this.#node.getPublishersInfoByTopic(this.#topic, false).map((publisher) => reliabilityOf(publisher));
  }

  #subscribe(reliability: number): void {
    if (this.#subscription) this.#node.destroySubscription(this.#subscription);
    this.#asked = reliability;
    const qos = new rclnodejs.QoS(HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST, this.#depth, reliability);
    this.#subscription = this.#node.createSubscription(
      'sensor_msgs/msg/Image',
      this.#topic,
      { qos },
      (message: ImageMessage) => this.#guard(() => this.#onMessage(message)),
    );
  }

  #onMessage(message: ImageMessage): void {
    this.#received++;
    this.#lastImage = performance.now();
    if (this.#silent) {
      this.#silent = false;
      this.#lastWarning = -Infinity;
      this.#node.getLogger().info(`Images arrive on ${this.#topic} again.`);
    }
    this.#onImage(message);
  }

  #watch(): void {
    const wanted = this.#wanted();
    if (wanted !== this.#asked) this.#subscribe(wanted);
    const now = performance.now();
    const silentSeconds = (now - this.#lastImage) / 1000;
    if (silentSeconds < SILENCE_SECONDS || now - this.#lastWarning < REMINDER_SECONDS * 1000) return;
    this.#silent = true;
    this.#lastWarning = now;
    this.#node
      .getLogger()
      .warn(`No image on ${this.#topic} for ${Math.round(silentSeconds)} s: ${this.#explanation()}`);
  }

  /** Why no image arrives, as far as can be told, and what to do. */
  #explanation(): string {
    const offers = this.#offers();
    if (offers.length > 0 && this.#asked === RELIABLE && offers.some((offer) => offer === BEST_EFFORT)) {
      return 'its publisher is best effort, but the parameter reliability is reliable. Set it to auto or best_effort.';
    }
    if (offers.length > 0) return `${offers.length} publisher(s) are there but send nothing. Is the camera running?`;
    const others = this.#node
      .getTopicNamesAndTypes(false)
      .filter(({ types }) => types.includes('sensor_msgs/msg/Image'))
      .map(({ name }) => name)
      .filter((name) => name !== this.#topic && this.#node.countPublishers(name) > 0);
    if (others.length === 0) return 'nobody publishes there. Is the camera node running, in this ROS_DOMAIN_ID?';
    return `nobody publishes there, but on ${others.join(', ')}. Remap it: --ros-args -r image:=${others[0]}`;
  }

  /** Runs a callback: an error thrown through rclnodejs would abort the process. */
  #guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#node.getLogger().error(`On ${this.#topic}: ${describeError(error)}`);
    }
  }
}

/** rmw's number of a publisher's reliability, from what rclnodejs tells of it. */
function reliabilityOf(publisher: object): number {
  const profile: unknown = 'qos_profile' in publisher ? publisher.qos_profile : undefined;
  const reliability =
    profile !== null && typeof profile === 'object' && 'reliability' in profile ? profile.reliability : 0;
  return typeof reliability === 'number' ? reliability : 0;
}
