import type { Node, Publisher } from 'rclnodejs';
import type { Frame } from '../../camera/frame.js';
import type { TimeMessage } from '../messages.js';
import { keepLast, RELIABLE } from '../qos.js';
import { stampNow } from '../stamp_now.js';

const IMAGE = 'sensor_msgs/msg/Image';

/** Images that are kept until every reliable subscriber has them. */
const QUEUED_IMAGES = 5;

/** How long subscribers have to fetch the last image: it goes with the publisher. */
const LAST_IMAGE_NANOSECONDS = 1_000_000_000n;

/**
 * Publishes frames as sensor_msgs/Image. Reliable, so that no image of a clip is lost: as many are kept as may wait for a part to
 * be sent again while both sides are busy. A subscriber that wants the newest only asks for a depth of 1 itself.
 */
export class ImagePublisher {
  readonly #node: Node;
  readonly #frameId: string;
  readonly #publisher: Publisher<typeof IMAGE>;

  /** @param frameId of every image's header */
  constructor(node: Node, topic: string, frameId: string) {
    this.#node = node;
    this.#frameId = frameId;
    this.#publisher = node.createPublisher(IMAGE, topic, { qos: keepLast(QUEUED_IMAGES, RELIABLE) });
  }

  /** @returns the image's stamp, which is now */
  publish({ height, width, data }: Frame): TimeMessage {
    const stamp = stampNow(this.#node);
    const header = { stamp, frame_id: this.#frameId };
    this.#publisher.publish({ header, height, width, encoding: 'bgr8', is_bigendian: 0, step: width * 3, data });
    return stamp;
  }

  /** Blocks until the subscribers have the last image, but not for ever. */
  waitUntilFetched(): void {
    this.#publisher.waitForAllAcked(LAST_IMAGE_NANOSECONDS);
  }

  destroy(): void {
    this.#node.destroyPublisher(this.#publisher);
  }
}
