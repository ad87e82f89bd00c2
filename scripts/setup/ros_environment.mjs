import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './command.mjs';
import { findOnPath } from './machine.mjs';
import { installPrefix, root, wheelsPrefix } from './paths.mjs';

/**
 * @typedef {object} Ros the ROS 2 that is used
 * @property {'sourced' | 'wheels'} kind sourced in the environment, or wheels in .ros/kilted
 * @property {string} distro such as kilted
 * @property {string} prefix the folder with include/ and lib/ of rcl
 * @property {string} python the Python that has (or will have) rclpy
 */

/**
 * The ROS 2 that set-up and everything after it uses: the sourced one, else the wheels in .ros/kilted (which set-up
 * installs).
 *
 * @returns {Ros}
 * @throws {SetupError} where one is sourced that has no client library
 */
export function findRos() {
  const distro = process.env.ROS_DISTRO;
  const prefixes = splitPath(process.env.AMENT_PREFIX_PATH);
  const prefix = prefixes.find((folder) => existsSync(join(folder, 'share', 'rcl')));
  if (distro && prefix && prefix !== wheelsPrefix) {
    return { kind: 'sourced', distro, prefix, python: findOnPath('python3') ?? 'python3' };
  }
  if (distro && !prefix && findOnPath('ros2')) {
    throw new SetupError(
      `ROS 2 ${distro} is sourced, but AMENT_PREFIX_PATH (${prefixes.join(':') || 'empty'}) has no rcl`,
      `source the whole ROS 2 (. /opt/ros/${distro}/setup.bash), or none: unset ROS_DISTRO`,
    );
  }
  return { kind: 'wheels', distro: 'kilted', prefix: wheelsPrefix, python: join(wheelsPrefix, 'bin', 'python') };
}

/**
 * The environment in which our nodes and any rclpy program find ROS 2 and our messages. LD_LIBRARY_PATH is read when a
 * process starts, so give this to a child process; setting it in a running one has no effect on itself.
 *
 * @param {Ros} [ros]
 * @param {NodeJS.ProcessEnv} [base] what is added to
 * @returns {NodeJS.ProcessEnv}
 */
export function rosEnvironment(ros = findRos(), base = process.env) {
  const env = ros.kind === 'wheels' ? wheelsEnvironment(base) : { ...base };
  env.AMENT_PREFIX_PATH = joinPath(installPrefix, env.AMENT_PREFIX_PATH);
  env.CMAKE_PREFIX_PATH = joinPath(installPrefix, env.CMAKE_PREFIX_PATH);
  env.LD_LIBRARY_PATH = joinPath(join(installPrefix, 'lib'), env.LD_LIBRARY_PATH);
  env.PYTHONPATH = joinPath(pythonPackages(installPrefix), env.PYTHONPATH);
  // Nodes that start together find each other at once, not 3 s later (the file says why).
  env.FASTDDS_DEFAULT_PROFILES_FILE ??= join(root, 'config', 'fastdds_profiles.xml');
  return env;
}

/** @param {NodeJS.ProcessEnv} base @returns {NodeJS.ProcessEnv} */
function wheelsEnvironment(base) {
  const sitePackages = pythonPackages(wheelsPrefix);
  const bundled = sitePackages
    ? readdirSync(sitePackages)
        .filter((name) => /^ros_.*\.libs$/.test(name))
        .map((name) => join(sitePackages, name))
    : [];
  // An environment made from this one may have gained overlays; one of another ROS 2 is none of ours.
  const prefixes = splitPath(base.AMENT_PREFIX_PATH);
  const overlays = prefixes.includes(wheelsPrefix) ? prefixes : [];
  return {
    ...base,
    ROS_VERSION: '2',
    ROS_PYTHON_VERSION: '3',
    ROS_DISTRO: 'kilted',
    RMW_IMPLEMENTATION: 'rmw_fastrtps_cpp',
    AMENT_PREFIX_PATH: joinPath(...overlays, wheelsPrefix),
    CMAKE_PREFIX_PATH: wheelsPrefix,
    LD_LIBRARY_PATH: joinPath(join(wheelsPrefix, 'lib'), ...bundled, base.LD_LIBRARY_PATH),
    PATH: joinPath(join(wheelsPrefix, 'bin'), base.PATH),
    VIRTUAL_ENV: wheelsPrefix,
    // The wheels restart Python to set LD_LIBRARY_PATH unless this says that it is set.
    _ROS_WHEELS_BOOTSTRAP_COMPLETE: '1',
  };
}

/**
 * The environment for compiling against a ROS 2. rclnodejs takes the folder above the one with `ros2` for the prefix,
 * so a stand-in leads it there where `ros2` is missing or lies elsewhere.
 *
 * @param {Ros} ros
 * @param {string} standInFolder the folder with the stand-in (see rclnodejs_addon.mjs)
 * @returns {NodeJS.ProcessEnv}
 */
export function buildEnvironment(ros, standInFolder) {
  const env = rosEnvironment(ros);
  return { ...env, PATH: joinPath(standInFolder, env.PATH) };
}

/** @param {string} prefix @returns {string | undefined} its folder of Python packages, where it has one */
export function pythonPackages(prefix) {
  const lib = join(prefix, 'lib');
  if (!existsSync(lib)) return undefined;
  const python = readdirSync(lib).find((name) => /^python3\.\d+$/.test(name));
  return python && join(lib, python, 'site-packages');
}

/**
 * What a build against this ROS 2 depends on besides its inputs: a change of any of it makes old builds useless.
 *
 * @param {Ros} ros
 * @returns {string[]}
 */
export function rosIdentity(ros) {
  if (ros.kind === 'wheels')
    return [ros.kind, ros.prefix, readFileSync(join(root, 'scripts', 'ros_constraints.txt'), 'utf8')];
  const python = execFileSync(ros.python, ['-c', 'import sys; print(sys.version)'], { encoding: 'utf8' });
  return [ros.kind, ros.distro, ros.prefix, process.env.AMENT_PREFIX_PATH ?? '', python];
}

/** @param {string | undefined} text @returns {string[]} */
export function splitPath(text) {
  return (text ?? '').split(':').filter((part) => part !== '');
}

/** @param {(string | undefined)[]} parts paths and lists of paths @returns {string} without empty parts and repeats */
export function joinPath(...parts) {
  return [...new Set(parts.flatMap(splitPath))].join(':');
}
