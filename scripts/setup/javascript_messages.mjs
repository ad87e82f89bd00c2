import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { packageName } from './interfaces.mjs';
import { inRclnodejs, root, rosFolder } from './paths.mjs';
import { joinPath, rosEnvironment } from './ros_environment.mjs';

/** What generating JavaScript makes. */
export const javaScriptMessageOutputs = [
  inRclnodejs('generated', packageName, `${packageName}__msg__FacialExpressions.js`),
  inRclnodejs('generated', packageName, `${packageName}__srv__LoadModel.js`),
];

/**
 * Generates rclnodejs' JavaScript and TypeScript types for every message of this ROS 2 and for ours.
 *
 * @param {object} options
 * @param {import('./ros_environment.mjs').Ros} options.ros
 * @param {string} options.log
 */
export async function generateJavaScriptMessages({ ros, log }) {
  const mending = 'remove node_modules/rclnodejs/generated and run npm run setup again';
  const env = rosEnvironment(ros);
  const prefixes = joinPath(linkMessageSources(), env.AMENT_PREFIX_PATH);
  const script = join('scripts', 'generate_messages.cjs');
  await runCommand([process.execPath, script], {
    log,
    mending,
    cwd: inRclnodejs(),
    env: { ...env, AMENT_PREFIX_PATH: prefixes },
  });
  // It ends with 0 whatever happened.
  if (javaScriptMessageOutputs.every((path) => existsSync(path))) return;
  throw new SetupError(`${script} made no JavaScript for ${packageName} (see ${log})`, mending);
}

/**
 * rclnodejs reads a folder that is no ament prefix as sources, PACKAGE/msg/NAME.msg: lays our messages and services out
 * like that, so that the TypeScript compiler knows them before CMake has built them.
 *
 * @returns {string} the folder
 */
function linkMessageSources() {
  const folder = join(rosFolder, 'message_sources');
  for (const kind of ['msg', 'srv']) {
    const link = join(folder, packageName, kind);
    rmSync(link, { force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, kind), link);
  }
  return folder;
}
