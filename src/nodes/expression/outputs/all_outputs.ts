import type { Node } from 'rclnodejs';
import type { ExpressionOutput } from './expression_output.js';
import { messageOutput } from './message_output.js';

/** All that expression_node publishes about images; each is made on configure. */
export const ALL_OUTPUTS: readonly ((node: Node) => ExpressionOutput)[] = [messageOutput];
