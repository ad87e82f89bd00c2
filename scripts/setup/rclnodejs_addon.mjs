import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { findNodeHeaders } from './machine.mjs';
import { inRclnodejs, root, rosFolder } from './paths.mjs';
import { buildEnvironment } from './ros_environment.mjs';

const addon = inRclnodejs('build', 'Release', 'rclnodejs.node');

/** What compiling rclnodejs makes. */
export const addonOutputs = [addon];

/**
 * Compiles rclnodejs against a ROS 2, or takes what was compiled before out of .ros (a fresh node_modules has none).
 *
 * @param {object} options
 * @param {import('./ros_environment.mjs').Ros} options.ros
 * @param {string} options.key changes with whatever makes an old build useless
 * @param {string} options.log
 */
export async function buildRclnodejs({ ros, key, log }) {
  const kept = join(rosFolder, 'rclnodejs', `${key}.node`);
  const env = buildEnvironment(ros, makeStandIn(ros));
  if (existsSync(kept)) {
    mkdirSync(inRclnodejs('build', 'Release'), { recursive: true });
    copyFileSync(kept, addon);
  } else {
    await compile(env, log);
    mkdirSync(join(rosFolder, 'rclnodejs'), { recursive: true });
    copyFileSync(addon, kept);
  }
  const start = "import rclnodejs from 'rclnodejs'; await rclnodejs.init(); rclnodejs.shutdown();";
  await runCommand([process.execPath, '--input-type=module', '-e', start], {
    log,
    env,
    mending: `remove ${join('.ros', 'rclnodejs')} and node_modules/rclnodejs/build, run npm run setup again`,
  });
}

/** @param {NodeJS.ProcessEnv} env @param {string} log */
async function compile(env, log) {
  const nodeGyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const headers = findNodeHeaders();
  await runCommand([process.execPath, nodeGyp, 'rebuild', '-j', String(availableParallelism())], {
    log,
    cwd: inRclnodejs(),
    env: { ...env, npm_config_yes: 'true', ...(headers ? { npm_config_nodedir: headers } : {}) },
    mending:
      'read the compiler errors above; a missing header of ROS 2 means an incomplete ROS 2 (remove .ros/kilted, or ' +
      'source a complete one), a failed download of Node.js headers means no network (set npm_config_nodedir)',
  });
}

/**
 * rclnodejs' build asks `which ros2` for the prefix: makes a prefix of links with a `ros2` in it, since the wheels have
 * none and a sourced one may lie elsewhere.
 *
 * @param {import('./ros_environment.mjs').Ros} ros
 * @returns {string} the folder to put first on PATH
 */
function makeStandIn(ros) {
  const prefix = join(rosFolder, 'prefix');
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(join(prefix, 'bin'), { recursive: true });
  for (const name of ['include', 'lib']) symlinkSync(join(ros.prefix, name), join(prefix, name));
  const script =
    '#!/bin/sh\necho "This only marks the prefix of ROS 2 for builds; ros2cli is not installed here." >&2\nexit 1\n';
  writeFileSync(join(prefix, 'bin', 'ros2'), script, { mode: 0o755 });
  return join(prefix, 'bin');
}
