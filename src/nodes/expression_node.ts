import rclnodejs from 'rclnodejs';
import { errorMessage, InvalidInputError } from '../errors.js';
import { ExpressionPublisher } from './expression_publisher.js';

// ROS 2 node: sensor_msgs/Image in, facial_expression_recognition/FacialExpressions out. Only ROS happens on this
// thread; a worker thread sees and classifies.

// Node.js takes its own options from its command line, the ROS arguments are all after the file.
await rclnodejs.init(rclnodejs.Context.defaultContext(), process.argv);
rclnodejs.removeSignalHandlers();
const node = new rclnodejs.Node('expression_node');
const logger = node.getLogger();

let publisher: ExpressionPublisher | undefined;
let ending = false;

/** Ends the process as soon as the image in work is done. */
async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  try {
    await publisher?.stop();
    rclnodejs.shutdown();
  } finally {
    process.exit(exitCode);
  }
}

function fail(message: string): void {
  if (ending) return;
  logger.fatal(message);
  end(1);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    logger.info(`${signal}: stopping${publisher ? ` (${publisher.summary})` : ''}`);
    end(0);
  });
}
process.on('unhandledRejection', (error) => fail(error instanceof Error ? (error.stack ?? error.message) : `${error}`));
process.on('uncaughtException', (error) => fail(error.stack ?? error.message));

try {
  publisher = new ExpressionPublisher(node, (message) => fail(`Cannot go on: ${message}`));
  node.spin();
} catch (error) {
  fail(
    error instanceof InvalidInputError ? error.message : error instanceof Error ? error.stack! : errorMessage(error),
  );
}
