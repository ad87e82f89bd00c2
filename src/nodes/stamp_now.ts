import type { Node } from 'rclnodejs';
import type { TimeMessage } from './messages.js';

/** The time on a node's clock, which may be a simulated one. */
export function stampNow(node: Node): TimeMessage {
  const { seconds, nanoseconds } = node.getClock().now().secondsAndNanoseconds;
  return { sec: Number(seconds), nanosec: Number(nanoseconds) };
}
