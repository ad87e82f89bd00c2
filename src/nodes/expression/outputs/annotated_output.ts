import type { CompressedImageMessage, ImageMessage } from '../../messages.js';
import type { OutputKind } from './expression_output.js';
import { OutputPublisher } from './output_publisher.js';

/** Images are large, and only the newest is looked at. */
const DEPTH = 2;

/**
 * Each processed image with its faces drawn in: pixels on `~/annotated_image`, and JPEG on
 * `~/annotated_image/compressed`, named as image_transport does. What nobody listens to is not drawn.
 */
export const ANNOTATED_OUTPUT: OutputKind = {
  parameters: ['publish_annotated_image'],
  open(node, { publish_annotated_image }) {
    if (!publish_annotated_image) return undefined;
    const raw = new OutputPublisher<ImageMessage>(node, 'sensor_msgs/msg/Image', '~/annotated_image', DEPTH);
    const compressed = new OutputPublisher<CompressedImageMessage>(
      node,
      'sensor_msgs/msg/CompressedImage',
      '~/annotated_image/compressed',
      DEPTH,
    );
    return {
      get wanted() {
        return raw.isHeard || compressed.isHeard;
      },
      publish() {},
      annotation({ annotated_image_quality: quality }) {
        return { pixels: raw.isHeard, jpegQuality: compressed.isHeard ? quality : undefined };
      },
      publishAnnotated(header, { pixels, jpeg }) {
        if (jpeg !== undefined) compressed.publish({ header, format: 'rgb8; jpeg compressed bgr8', data: jpeg });
        if (pixels === undefined) return;
        const { width, height, data } = pixels;
        raw.publish({ header, height, width, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data });
      },
      release() {
        raw.destroy();
        compressed.destroy();
      },
    };
  },
};
