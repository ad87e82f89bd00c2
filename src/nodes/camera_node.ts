#!/usr/bin/env node
import rclnodejs from 'rclnodejs';
import { openSource } from '../camera/open_source.js';
import { paced } from '../camera/pacing.js';
import { describeError } from '../errors.js';
import { declareCameraParameters } from './camera/camera_parameters.js';
import { ImagePublisher } from './camera/image_publisher.js';

const IMAGE_TOPIC = 'image_raw';

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
    const publisher = new ImagePublisher(node, IMAGE_TOPIC, frameId);
    node.spin();
    logger.info(`Playing ${source.description} on ${node.resolveTopicName(IMAGE_TOPIC)}.`);
    let published = 0;
    for await (const frame of paced(source, { signal: stop.signal })) {
      publisher.publish(frame);
      published++;
      if (published === 1) logger.info(`The first image is ${frame.width} x ${frame.height} pixels.`);
      if (published % FRAMES_PER_REPORT === 0) logger.debug(`${published} images published.`);
    }
    if (!stop.signal.aborted) publisher.waitUntilFetched();
    logger.info(`${stop.signal.aborted ? 'Stopped' : 'The source has ended'} after ${published} images.`);
  } catch (error) {
    logger.fatal(describeError(error));
    process.exitCode = 1;
  } finally {
    rclnodejs.shutdown();
  }
}

await main();
