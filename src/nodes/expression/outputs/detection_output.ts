import type { FaceExpression, ImageExpressions } from '../../../pipeline/expression_pipeline.js';
import type { HeaderMessage } from '../../messages.js';
import type { OutputKind } from './expression_output.js';
import type { ObjectHypothesisMessage } from './opendr_output.js';
import { hasMessages } from './optional_messages.js';
import { OutputPublisher } from './output_publisher.js';

const DETECTIONS = 'vision_msgs/msg/Detection2DArray';
const TOPIC = '~/detections';

/** vision_msgs/msg/Detection2D. */
export interface Detection2DMessage {
  header: HeaderMessage;
  results: {
    hypothesis: ObjectHypothesisMessage;
    pose: {
      pose: {
        position: { x: number; y: number; z: number };
        orientation: { x: number; y: number; z: number; w: number };
      };
      covariance: number[];
    };
  }[];
  bbox: { center: { position: { x: number; y: number }; theta: number }; size_x: number; size_y: number };
  id: string;
}

/** vision_msgs/msg/Detection2DArray. */
export interface Detection2DArrayMessage {
  header: HeaderMessage;
  detections: Detection2DMessage[];
}

/**
 * A detection for each face: its box in pixels, its track id, and every category with its mean probability, the most probable
 * first, as who looks at the first alone expects; none while the face's window is filling.
 *
 * @param header the image's
 * @param classes the categories' names, in the order of the estimates' numbers
 */
export function detectionsMessage(
  header: HeaderMessage,
  { faces }: ImageExpressions,
  classes: readonly string[],
): Detection2DArrayMessage {
  return {
    header,
    detections: faces.map(({ trackId, box, expression }) => ({
      header,
      results: resultsOf(expression, classes),
      bbox: {
        center: { position: { x: box.x + box.width / 2, y: box.y + box.height / 2 }, theta: 0 },
        size_x: box.width,
        size_y: box.height,
      },
      id: String(trackId),
    })),
  };
}

function resultsOf(expression: FaceExpression['expression'], classes: readonly string[]) {
  if (!expression) return [];
  const { mean } = expression.estimate;
  return classes
    .map((class_id, index) => ({ hypothesis: { class_id, score: mean[index]! }, pose: noPose() }))
    .sort((a, b) => b.hypothesis.score - a.hypothesis.score);
}

/** Where in space the face is remains unknown. */
function noPose(): Detection2DMessage['results'][number]['pose'] {
  const orientation = { x: 0, y: 0, z: 0, w: 1 };
  return { pose: { position: { x: 0, y: 0, z: 0 }, orientation }, covariance: new Array<number>(36).fill(0) };
}

/** The faces for programs that know detections of vision_msgs. */
export const DETECTION_OUTPUT: OutputKind = {
  parameters: ['publish_vision_msgs'],
  open(node, { publish_vision_msgs }) {
    if (!publish_vision_msgs || !hasMessages(node, DETECTIONS, TOPIC)) return undefined;
    const publisher = new OutputPublisher<Detection2DArrayMessage>(node, DETECTIONS, TOPIC);
    return {
      get wanted() {
        return publisher.isHeard;
      },
      publish({ header, expressions, facts }) {
        publisher.publish(detectionsMessage(header, expressions, facts.classes));
      },
      release: () => publisher.destroy(),
    };
  },
};
