import type { Node } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { FACIAL_EXPRESSIONS_TYPE, facialExpressionsMessage } from '../../messages.js';
import type { ExpressionOutput } from './expression_output.js';

/** The depth of the publisher's queue: a subscriber that stalls for a third of a second misses nothing at 30 Hz. */
const PUBLISHER_DEPTH = 10;

/** Our own message on `~/expressions`, for every image. */
export function messageOutput(node: Node): ExpressionOutput {
  const { HistoryPolicy, ReliabilityPolicy } = rclnodejs.QoS;
  const qos = new rclnodejs.QoS(
    HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
    PUBLISHER_DEPTH,
    ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
  );
  const publisher = node.createPublisher(FACIAL_EXPRESSIONS_TYPE, '~/expressions', { qos });
  return {
    publish({ header, expressions, facts, latencyMilliseconds, parameters }) {
      const { min_confidence: minConfidence } = parameters;
      const of = { classes: facts.classes, latencyMilliseconds, minConfidence };
      publisher.publish(facialExpressionsMessage(header, expressions, of));
    },
    release: () => node.destroyPublisher(publisher),
  };
}
