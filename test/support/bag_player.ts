import type { Node, Publisher, Subscription } from 'rclnodejs';
import type { BagMessage } from './bag.js';

/** Milliseconds that an answer may take. */
const TIMEOUT = 10_000;

/** What a BagPlayer plays, and what it hears. */
export interface BagTopics {
  /** The topic of sensor_msgs/Image. */
  readonly images: string;
  /** The topic and the type of what is answered to each image, with its header. */
  readonly answers: readonly [topic: string, type: string];
}

/** Plays the images of bags to a node, each once the one before was answered, so that none is dropped. */
export class BagPlayer {
  readonly #topics: BagTopics;
  readonly #node: Node;
  readonly #shutdown: () => void;
  readonly #publisher: Publisher<'sensor_msgs/msg/Image'>;
  readonly #subscription: Subscription;
  #onAnswer: (data: Uint8Array) => void = () => {};

  private constructor(topics: BagTopics, node: Node, shutdown: () => void) {
    this.#topics = topics;
    this.#node = node;
    this.#shutdown = shutdown;
    this.#publisher = node.createPublisher('sensor_msgs/msg/Image', topics.images);
    const [topic, type] = topics.answers;
    this.#subscription = node.createSubscription(type as 'std_msgs/msg/Empty', topic, { isRaw: true }, (data: object) =>
      this.#onAnswer(data as Buffer),
    );
  }

  /** Joins ROS 2 from this process. */
  static async start(environment: NodeJS.ProcessEnv, topics: BagTopics): Promise<BagPlayer> {
    Object.assign(process.env, { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', ...environment });
    const { default: rclnodejs } = await import('rclnodejs');
    await rclnodejs.init();
    const node = new rclnodejs.Node('bag_player');
    const player = new BagPlayer(topics, node, () => rclnodejs.shutdown());
    node.spin();
    return player;
  }

  /** Waits until somebody listens to the images and answers. */
  async connected(): Promise<void> {
    const [topic] = this.#topics.answers;
    const isConnected = () =>
      this.#node.countSubscribers(this.#topics.images) > 0 && this.#node.countPublishers(topic) > 0;
    for (let waited = 0; !isConnected(); waited += 50) {
      if (waited > TIMEOUT) throw new Error(`nobody listens to ${this.#topics.images} and answers on ${topic}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /**
   * Plays the images among some messages.
   *
   * @param rate times as fast as they were recorded; Infinity: as fast as they are answered
   * @returns the images and their answers, each at its image's time
   */
  async record(messages: AsyncIterable<BagMessage>, rate = Number.POSITIVE_INFINITY): Promise<BagMessage[]> {
    const [topic, type] = this.#topics.answers;
    const played: BagMessage[] = [];
    const start = performance.now();
    for await (const message of messages) {
      if (message.topic !== this.#topics.images) continue;
      const first = played[0]?.time ?? message.time;
      const due = start + Number(message.time - first) / 1e6 / rate;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      played.push(message, { topic, type, time: message.time, data: await this.#answerTo(message.data) });
    }
    return played;
  }

  /** Calls the reset_tracks service of a node. */
  async resetTracks(node: string): Promise<void> {
    const client = this.#node.createClient('std_srvs/srv/Trigger', `${node}/reset_tracks`);
    if (!(await client.waitForService(TIMEOUT))) throw new Error(`${node} has no reset_tracks`);
    await new Promise((resolve) => client.sendRequest({}, resolve));
    this.#node.destroyClient(client);
  }

  /** Leaves ROS 2. */
  stop(): void {
    this.#node.destroySubscription(this.#subscription);
    this.#shutdown();
  }

  #answerTo(image: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to an image within ${TIMEOUT} ms`)), TIMEOUT);
      this.#onAnswer = (data) => {
        clearTimeout(timer);
        resolve(Uint8Array.from(data));
      };
      this.#publisher.publish(Buffer.from(image.buffer, image.byteOffset, image.byteLength));
    });
  }
}
