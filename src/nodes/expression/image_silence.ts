import type { Node } from 'rclnodejs';
import { BEST_EFFORT, RELIABLE } from '../qos.js';
import { type ImageStream, type ImageStreams, offersOf, offersOn } from './image_stream.js';

/**
 * Why no image arrives, as far as can be told, and what to do.
 *
 * @param streams those of the topic; @param asked the one that is subscribed to; @param reliability rmw's number, as asked for
 */
export function explainSilence(node: Node, streams: ImageStreams, asked: ImageStream, reliability: number): string {
  const offers = offersOf(node, asked);
  const deaf = offers.filter((offer) => isUnheard(offer.reliability, reliability)).length;
  if (deaf > 0) {
    return 'its publisher is best effort, but the parameter reliability is reliable. Set it to auto or best_effort.';
  }
  if (offers.length > 0) return `${offers.length} publisher(s) are there but send nothing. Is the camera running?`;
  const [stranger] = offersOn(node, asked.topic);
  if (stranger) {
    const advice =
      stranger.type === streams.compressed.type
        ? `Remap ${asked.topic} to what comes before "/compressed" in the name of the compressed topic, and set the parameter image_transport to compressed.`
        : `Let the camera publish ${asked.type}.`;
    return `what is published there is ${stranger.type}, not ${asked.type}. ${advice}`;
  }
  const other = asked.transport === 'raw' ? streams.compressed : streams.raw;
  if (offersOf(node, other).length > 0) {
    return `nobody publishes there, but on ${other.topic} (${other.type}). Set the parameter image_transport to ${other.transport} or auto.`;
  }
  const elsewhere = topicsElsewhere(node, streams);
  if (elsewhere.length === 0) return 'nobody publishes there. Is the camera node running, in this ROS_DOMAIN_ID?';
  return `nobody publishes there, but on ${elsewhere.join(', ')}. Remap it: --ros-args -r image:=${elsewhere[0]}`;
}

/** Whether a subscription does not hear a publisher. */
export function isUnheard(offered: number, asked: number): boolean {
  return asked === RELIABLE && offered === BEST_EFFORT;
}

/** Topics with images of others, as they are to be named in a remapping: without "/compressed". */
function topicsElsewhere(node: Node, { raw, compressed }: ImageStreams): string[] {
  const ending = '/compressed';
  const names = node.getTopicNamesAndTypes(false).flatMap(({ name, types }) => {
    if (name === raw.topic || name === compressed.topic || node.countPublishers(name) === 0) return [];
    if (types.includes(raw.type)) return [name];
    return types.includes(compressed.type) && name.endsWith(ending) ? [name.slice(0, -ending.length)] : [];
  });
  return [...new Set(names)];
}
