import type { Node } from 'rclnodejs';

/** A topic of images. */
export interface ImageStream {
  readonly transport: 'raw' | 'compressed';
  /** Its whole name, after remapping. */
  readonly topic: string;
  readonly type: 'sensor_msgs/msg/Image' | 'sensor_msgs/msg/CompressedImage';
}

/** A topic of raw images, and the one that image_transport names after it for compressed ones. */
export type ImageStreams = Readonly<Record<'raw' | 'compressed', ImageStream>>;

/** What a publisher offers. */
export interface ImageOffer {
  /** The name of the message's type. */
  readonly type: string;
  /** rmw's number. */
  readonly reliability: number;
}

/**
 * The streams of a topic. TOPIC/compressed follows where TOPIC is remapped to, as in image_transport, but may be remapped by itself.
 *
 * @param topic a name to be resolved, such as `image`
 */
export function imageStreams(node: Node, topic: string): ImageStreams {
  const raw = node.resolveTopicName(topic);
  const own = node.resolveTopicName(`${topic}/compressed`);
  const isRemapped = own !== node.resolveTopicName(`${topic}/compressed`, true);
  return {
    raw: { transport: 'raw', topic: raw, type: 'sensor_msgs/msg/Image' },
    compressed: {
      transport: 'compressed',
      topic: isRemapped ? own : `${raw}/compressed`,
      type: 'sensor_msgs/msg/CompressedImage',
    },
  };
}

/** What every publisher on a topic offers, also those of another type than is wanted. */
export function offersOn(node: Node, topic: string): ImageOffer[] {
  return node.getPublishersInfoByTopic(topic, false).map((publisher: object) => ({
    type: 'topic_type' in publisher ? String(publisher.topic_type) : '',
    reliability: reliabilityOf(publisher),
  }));
}

/** What the publishers of a stream's own type offer. */
export function offersOf(node: Node, { topic, type }: ImageStream): ImageOffer[] {
  return offersOn(node, topic).filter((offer) => offer.type === type);
}

function reliabilityOf(publisher: object): number {
  const profile: unknown = 'qos_profile' in publisher ? publisher.qos_profile : undefined;
  const reliability =
    profile !== null && typeof profile === 'object' && 'reliability' in profile ? profile.reliability : 0;
  return typeof reliability === 'number' ? reliability : 0;
}
