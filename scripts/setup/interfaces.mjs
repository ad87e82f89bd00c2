import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { findOnPath } from './machine.mjs';
import { inRclnodejs, installPrefix, interfacesBuild, root } from './paths.mjs';
import { rosEnvironment } from './ros_environment.mjs';

/** The package's name in ROS 2. */
export const packageName = 'facial_expression_recognition';

/** What the build of the interfaces is made from. */
export const interfaceInputs = ['msg', 'cmake', 'CMakeLists.txt', 'package.xml'].map((name) => join(root, name));

/** What building and installing our package makes, as far as others look for it. */
export const interfaceOutputs = [join(installPrefix, 'share', packageName, 'package.xml')];

/** What generating JavaScript makes. */
export const javaScriptMessageOutputs = [
  inRclnodejs('generated', packageName, `${packageName}__msg__FacialExpressions.js`),
];

/**
 * Builds our package with CMake and installs it into .ros/install: the messages in C, C++ and Python, and launchers and
 * folders that lead back into this checkout.
 *
 * @param {object} options
 * @param {import('./ros_environment.mjs').Ros} options.ros
 * @param {string} options.log
 */
export async function buildInterfaces({ ros, log }) {
  rmSync(interfacesBuild, { recursive: true, force: true });
  rmSync(installPrefix, { recursive: true, force: true });
  mkdirSync(interfacesBuild, { recursive: true });
  const env = rosEnvironment(ros);
  const mending =
    'read the errors above; where a package of ROS 2 is missing, remove .ros/kilted (or complete the sourced ROS 2), ' +
    'then run npm run setup again';
  const generator = findOnPath('ninja', env.PATH) ? ['-G', 'Ninja'] : [];
  const python = ros.kind === 'wheels' ? wheelsPython(ros.python) : [];
  await runCommand(
    [
      ...['cmake', '-S', root, '-B', interfacesBuild, ...generator, ...python],
      ...[`-DCMAKE_INSTALL_PREFIX=${installPrefix}`, '-DCMAKE_BUILD_TYPE=Release'],
      ...['-DBUILD_TESTING=OFF', '-DFER_LINK_JAVASCRIPT=ON'],
    ],
    { log, env, mending },
  );
  await runCommand(['cmake', '--build', interfacesBuild, '-j', String(availableParallelism())], { log, env, mending });
  await runCommand(['cmake', '--install', interfacesBuild], { log, env, mending });
  writeFileSync(join(installPrefix, 'COLCON_IGNORE'), '');
}

/** @param {string} executable @returns {string[]} CMake's settings for the wheels' Python, whichever others there are */
function wheelsPython(executable) {
  return [`-DPython3_EXECUTABLE=${executable}`, '-DPython3_FIND_VIRTUALENV=ONLY'];
}

/**
 * Generates rclnodejs' JavaScript and TypeScript types for every message that this ROS 2 and our prefix have.
 *
 * @param {object} options
 * @param {import('./ros_environment.mjs').Ros} options.ros
 * @param {string} options.log
 */
export async function generateJavaScriptMessages({ ros, log }) {
  const mending = 'remove node_modules/rclnodejs/generated and run npm run setup again';
  const script = join('scripts', 'generate_messages.cjs');
  await runCommand([process.execPath, script], { log, mending, cwd: inRclnodejs(), env: rosEnvironment(ros) });
  // It ends with 0 whatever happened.
  if (javaScriptMessageOutputs.every((path) => existsSync(path))) return;
  throw new SetupError(`${script} made no JavaScript for ${packageName} (see ${log})`, mending);
}
