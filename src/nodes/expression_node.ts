import rclnodejs from 'rclnodejs';
import { describeError } from '../errors.js';
import { ExpressionDiagnostics } from './expression/expression_diagnostics.js';
import { ExpressionLifecycle } from './expression/expression_lifecycle.js';
import { EXPRESSION_PARAMETERS } from './expression/expression_parameters.js';
import { openExpressionServices } from './expression/expression_services.js';
import { ManagedNode } from './lifecycle/managed_node.js';
import { NodeParameters } from './parameters/node_parameters.js';

// ROS 2 node: sensor_msgs/Image in, facial_expression_recognition/FacialExpressions out. Only ROS happens on this
// thread; a worker thread sees and classifies.

/** After this, whatever is still to be freed goes with the process. */
const LONGEST_END_MILLISECONDS = 4500;

// Node.js takes its own options from its command line, the ROS arguments are all after the file.
await rclnodejs.init(rclnodejs.Context.defaultContext(), process.argv);
rclnodejs.removeSignalHandlers();
const node = new ManagedNode('expression_node');
const logger = node.getLogger();

let lifecycle: ExpressionLifecycle | undefined;
let diagnostics: ExpressionDiagnostics | undefined;
let ending = false;

/** Ends the process as soon as the image in work is done. */
async function end(exitCode: number): Promise<void> {
  if (ending) return;
  ending = true;
  try {
    lifecycle?.abort();
    const finalized = node.settled().then(() => node.stateLabel === 'finalized' || node.transition('shutdown'));
    await Promise.race([finalized, new Promise((resolve) => setTimeout(resolve, LONGEST_END_MILLISECONDS))]);
    rclnodejs.shutdown();
  } finally {
    process.exit(exitCode);
  }
}

function fail(message: string): void {
  if (ending) return;
  logger.fatal(message);
  node.failures.stop(`it ends: ${message}`);
  diagnostics?.publish();
  end(1);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!ending) logger.info(`${signal}: stopping${lifecycle ? ` (${lifecycle.summary})` : ''}`);
    end(0);
  });
}
process.on('unhandledRejection', (error) => fail(describeError(error)));
process.on('uncaughtException', (error) => fail(describeError(error)));

try {
  const parameters = new NodeParameters(node, EXPRESSION_PARAMETERS, () => node.isAtWork);
  lifecycle = new ExpressionLifecycle(node, parameters);
  node.manage(lifecycle);
  openExpressionServices(node, lifecycle);
  diagnostics = new ExpressionDiagnostics(node, lifecycle);
  node.spin();
  if (parameters.values.autostart && !((await node.transition('configure')) && (await node.transition('activate')))) {
    const path = node.getFullyQualifiedName();
    if (!ending)
      logger.error(`The node is ${node.stateLabel}. When that is mended: ros2 lifecycle set ${path} configure`);
  }
} catch (error) {
  fail(describeError(error));
}
