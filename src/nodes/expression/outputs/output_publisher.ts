import type { Node, Publisher } from 'rclnodejs';
import { messageSerializer } from '../../cdr/message_serializer.js';
import { keepLast, RELIABLE } from '../../qos.js';

/** The depth of the queue: a subscriber that stalls for a third of a second misses nothing at 30 Hz. */
const DEPTH = 10;

/** Package, `msg` and name, as ROS writes them. */
export type MessageTypeName = `${string}/msg/${string}`;

/** A reliable publisher (as REP 2003 wants it for what is made of sensors' data) of messages of a kind. */
export class OutputPublisher<Message extends object> {
  readonly #node: Node;
  readonly #publisher: Publisher<never>;
  readonly #serialize: (message: object) => Buffer;

  /** @throws Error where the type's package is not there */
  constructor(node: Node, type: MessageTypeName, topic: string, depth = DEPTH) {
    this.#node = node;
    this.#serialize = messageSerializer(type);
    // rclnodejs' types know the messages of the machine that it was compiled on only.
    this.#publisher = node.createPublisher(type as never, topic, { qos: keepLast(depth, RELIABLE) });
  }

  /** Whether anybody subscribes to it. */
  get isHeard(): boolean {
    // A getter at run time, a method in rclnodejs' types.
    return (this.#publisher as unknown as { readonly subscriptionCount: number }).subscriptionCount > 0;
  }

  publish(message: Message): void {
    this.#publisher.publish(this.#serialize(message));
  }

  destroy(): void {
    this.#node.destroyPublisher(this.#publisher);
  }
}
