import type { ImageExpressions } from '../../../pipeline/expression_pipeline.js';
import { certainEstimate } from '../../messages.js';
import type { OutputKind } from './expression_output.js';
import { hasMessages } from './optional_messages.js';
import { OutputPublisher } from './output_publisher.js';

const HYPOTHESIS = 'vision_msgs/msg/ObjectHypothesis';

/** vision_msgs/msg/ObjectHypothesis. */
export interface ObjectHypothesisMessage {
  class_id: string;
  score: number;
}

/** std_msgs/msg/String. */
export interface StringMessage {
  data: string;
}

/** What OpenDR's node says of an image. */
export interface OpendrMessages {
  readonly category: ObjectHypothesisMessage;
  readonly description: StringMessage;
}

/**
 * The messages of OpenDR's node, which knows one face only: they are about the largest face, who is nearest to the camera
 * most likely, and who does not change from image to image.
 *
 * @param minConfidence 0 to 1
 * @returns undefined where there is nothing that should be acted upon: no face, a filling window, less confidence
 */
export function opendrMessages({ faces }: ImageExpressions, minConfidence: number): OpendrMessages | undefined {
  const area = ({ box }: (typeof faces)[number]) => box.width * box.height;
  const largest = faces.reduce<(typeof faces)[number] | undefined>(
    (best, face) => (best === undefined || area(face) > area(best) ? face : best),
    undefined,
  );
  const estimate = certainEstimate(largest?.expression, minConfidence);
  if (!estimate) return undefined;
  return {
    category: { class_id: String(estimate.categoryIndex), score: estimate.confidence },
    description: { data: estimate.category },
  };
}

/** The topics of OpenDR's landmark-based facial expression node, for what was made for that. */
export const OPENDR_OUTPUT: OutputKind = {
  parameters: ['publish_opendr', 'opendr_category_topic', 'opendr_description_topic'],
  open(node, { publish_opendr, opendr_category_topic: categoryTopic, opendr_description_topic: descriptionTopic }) {
    if (!publish_opendr) return undefined;
    const category = hasMessages(node, HYPOTHESIS, categoryTopic)
      ? new OutputPublisher<ObjectHypothesisMessage>(node, HYPOTHESIS, categoryTopic)
      : undefined;
    const description = new OutputPublisher<StringMessage>(node, 'std_msgs/msg/String', descriptionTopic);
    return {
      get wanted() {
        return category?.isHeard || description.isHeard;
      },
      publish({ expressions, parameters }) {
        const messages = opendrMessages(expressions, parameters.min_confidence);
        if (!messages) return;
        if (category?.isHeard) category.publish(messages.category);
        if (description.isHeard) description.publish(messages.description);
      },
      release() {
        category?.destroy();
        description.destroy();
      },
    };
  },
};
