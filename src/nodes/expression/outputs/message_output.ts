import { FACIAL_EXPRESSIONS_TYPE, type FacialExpressionsMessage, facialExpressionsMessage } from '../../messages.js';
import type { OutputKind } from './expression_output.js';
import { OutputPublisher } from './output_publisher.js';

/** Our own message on `~/expressions`, for every image. */
export const MESSAGE_OUTPUT: OutputKind = {
  parameters: [],
  open(node) {
    const publisher = new OutputPublisher<FacialExpressionsMessage>(node, FACIAL_EXPRESSIONS_TYPE, '~/expressions');
    return {
      get wanted() {
        return publisher.isHeard;
      },
      publish({ header, expressions, facts, latencyMilliseconds, parameters }) {
        const { min_confidence: minConfidence } = parameters;
        const of = { classes: facts.classes, latencyMilliseconds, minConfidence };
        publisher.publish(facialExpressionsMessage(header, expressions, of));
      },
      release: () => publisher.destroy(),
    };
  },
};
