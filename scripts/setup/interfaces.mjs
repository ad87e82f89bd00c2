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
  await buildPackage({
    ...{ source: root, build: interfacesBuild, prefix: installPrefix, ros, log },
    settings: ['-DFER_LINK_JAVASCRIPT=ON', '-DFER_BUILD_JAVASCRIPT=OFF'],
  });
}

/**
 * Builds a package of ROS 2 with CMake, from scratch, and installs it into a prefix of its own.
 *
 * @param {object} options
 * @param {string} options.source its folder
 * @param {string} options.build the build folder
 * @param {string} options.prefix where it goes
 * @param {string[]} [options.settings] of CMake
 * @param {import('./ros_environment.mjs').Ros} options.ros
 * @param {string} options.log
 */
export async function buildPackage({ source, build, prefix, settings = [], ros, log }) {
  rmSync(build, { recursive: true, force: true });
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const env = rosEnvironment(ros);
  const mending =
    'read the errors above; where a package of ROS 2 is missing, remove .ros/kilted (or complete the sourced ROS 2), ' +
    'then run npm run setup again';
  const generator = findOnPath('ninja', env.PATH) ? ['-G', 'Ninja'] : [];
  const python = ros.kind === 'wheels' ? wheelsPython(ros.python) : [];
  await runCommand(
    [
      ...['cmake', '-S', source, '-B', build, ...generator, ...python],
      ...[`-DCMAKE_INSTALL_PREFIX=${prefix}`, '-DCMAKE_BUILD_TYPE=Release', '-DBUILD_TESTING=OFF', ...settings],
    ],
    { log, env, mending },
  );
  await runCommand(['cmake', '--build', build, '-j', String(availableParallelism())], { log, env, mending });
  await runCommand(['cmake', '--install', build], { log, env, mending });
  writeFileSync(join(prefix, 'COLCON_IGNORE'), '');
}

/** @param {string} executable @returns {string[]} CMake's settings for the wheels' Python, whichever others there are */
function wheelsPython(executable) {
  return [`-DPython3_EXECUTABLE=${executable}`, '-DPython3_FIND_VIRTUALENV=ONLY'];
}
