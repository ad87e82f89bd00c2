#!/usr/bin/env node
import type { Node, Publisher } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import type { Frame } from '../camera/frame.js';
import { openSource } from '../camera/open_source.js';
import { paced } from '../camera/pacing.js';
import { describeError } from '../errors.js';
import { declareCameraParameters } from './camera/camera_parameters.js';

const IMAGE = 'sensor_msgs/msg/Image';
const IMAGE_TOPIC = 'image_raw';

/** Images that are kept until every reliable subscriber has them. */
const QUEUED_IMAGES = 5;

/** How long subscribers have to fetch the last image of a clip: it goes with the node. */
const LAST_IMAGE_NANOSECONDS = 1_000_000_000n;

/** Between progress lines at level debug, frames. */
const FRAMES_PER_REPORT = 100;

/** Publishes a video file, a video device or a folder of images as sensor_msgs/Image, until it ends or is told to. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  await rclnodejs.init();
  const node = new rclnodejs.Node('camera_node');
  const logger = node.getLogger();
  try {
    const { frame_id: frameId, ...options } = declareCameraParameters(node);
    const source = await openSource(options, `the parameters of ${node.getFullyQualifiedName()}`, stop.signal);
    const publisher = createImagePublisher(node);
    node.spin();
    logger.info(`Playing ${source.description} on ${node.resolveTopicName(IMAGE_TOPIC)}.`);
    let published = 0;
    for await (const frame of paced(source, { signal: stop.signal })) {
      publish(node, publisher, frame, frameId);
      published++;
      if (published === 1) logger.info(`The first image is ${frame.width} x ${frame.height} pixels.`);
      if (published % FRAMES_PER_REPORT === 0) logger.debug(`${published} images published.`);
    }
    if (!stop.signal.aborted) publisher.waitForAllAcked(LAST_IMAGE_NANOSECONDS);
    logger.info(`${stop.signal.aborted ? 'Stopped' : 'The source has ended'} after ${published} images.`);
  } catch (error) {
    logger.fatal(describeError(error));
    process.exitCode = 1;
  } finally {
    rclnodejs.shutdown();
  }
}

/**
 * Reliable, so that no image of a clip is lost: as many are kept as may wait for a part to be sent again while both
 * sides are busy. A subscriber that wants the newest only asks for a depth of 1 itself.
 */
function createImagePublisher(node: Node): Publisher<typeof IMAGE> {
  const { HistoryPolicy, ReliabilityPolicy } = rclnodejs.QoS;
  const qos = new rclnodejs.QoS(
    HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
    QUEUED_IMAGES,
    ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
  );
  return node.createPublisher(IMAGE, IMAGE_TOPIC, { qos });
}

function publish(node: Node, publisher: Publisher<typeof IMAGE>, frame: Frame, frameId: string): void {
  const { seconds, nanoseconds } = node.getClock().now().secondsAndNanoseconds;
  publisher.publish({
    header: { stamp: { sec: Number(seconds), nanosec: Number(nanoseconds) }, frame_id: frameId },
    height: frame.height,
    width: frame.width,
    encoding: 'bgr8',
    is_bigendian: 0,
    step: frame.width * 3,
    data: frame.data,
  });
}

await main();
