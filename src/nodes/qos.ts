import rclnodejs, { type QoS } from 'rclnodejs';

/** rmw's numbers of the reliabilities. */
export const { RMW_QOS_POLICY_RELIABILITY_RELIABLE: RELIABLE, RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT: BEST_EFFORT } =
  rclnodejs.QoS.ReliabilityPolicy;

/** The profile with which the newest messages are kept, `depth` at most. @param reliability rmw's number */
export function keepLast(depth: number, reliability: number): QoS {
  return new rclnodejs.QoS(rclnodejs.QoS.HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST, depth, reliability);
}
