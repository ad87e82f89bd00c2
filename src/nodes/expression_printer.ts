import rclnodejs from 'rclnodejs';
import { errorMessage } from '../errors.js';
import { FACIAL_EXPRESSIONS_TYPE, type FacialExpressionsMessage } from './messages.js';
import { expressionLine } from './printer/expression_line.js';

// ROS 2 node: prints one line for each message on `expressions`, for a person to read.

await rclnodejs.init();
rclnodejs.removeSignalHandlers();
const node = new rclnodejs.Node('expression_printer');

function end(): void {
  rclnodejs.shutdown();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
// Whoever read the lines (such as head) has seen enough.
process.stdout.on('error', end);

node.createSubscription(FACIAL_EXPRESSIONS_TYPE, 'expressions', (message: object) => {
  try {
    console.log(expressionLine(message as FacialExpressionsMessage));
  } catch (error) {
    node.getLogger().error(errorMessage(error));
  }
});
node.spin();
