import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { findOnPath } from './machine.mjs';
import { installPrefix, interfacesBuild, root } from './paths.mjs';
import { rosEnvironment } from './ros_environment.mjs';

/** The package's name in ROS 2. */
export const packageName = 'facial_expression_recognition';

/** What the build of the interfaces is made from. */
export const interfaceInputs = ['msg', 'srv', 'CMakeLists.txt', 'package.xml', 'scripts/node_launcher.sh.in'].map(
  (name) => join(root, name),
);

/** What building and installing our package makes, as far as others look for it. */
export const interfaceOutputs = [join(installPrefix, 'share', packageName, 'package.xml')];

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
      ...['-DBUILD_TESTING=OFF', '-DFER_LINK_JAVASCRIPT=ON', '-DFER_BUILD_JAVASCRIPT=OFF'],
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
