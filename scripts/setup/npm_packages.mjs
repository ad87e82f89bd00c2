import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { root } from './paths.mjs';

/**
 * Whether node_modules holds just what package-lock.json says, however it came there.
 *
 * @returns {boolean}
 */
export function npmPackagesMatch() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = versions(readFileSync(installed, 'utf8'));
  const want = versions(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, entry] of want) {
    const isMissing = have.get(path)?.version !== entry.version || !existsSync(join(root, path, 'package.json'));
    // An optional package may be for another platform; rclnodejs is optional for others, never here.
    if (isMissing && (!entry.optional || path === 'node_modules/rclnodejs')) return false;
  }
  return true;
}

/**
 * @param {string} lock a lock file's text
 * @returns {Map<string, {version: string, optional?: boolean}>} by path, the project itself left out
 */
function versions(lock) {
  const { packages } = JSON.parse(lock);
  return new Map(Object.entries(packages).filter(([path]) => path !== ''));
}

/**
 * Installs what package-lock.json says into node_modules without running install scripts: those of onnxruntime-node
 * and rclnodejs want downloads or a ROS 2 that may not be there yet.
 *
 * @param {string} log
 */
export async function installNpmPackages(log) {
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await npmCi({ folder: root, log, again: 'npm run setup', env });
  writeFileSync(join(root, 'node_modules', 'COLCON_IGNORE'), '');
}

/**
 * Installs what a folder's package-lock.json says into its node_modules, without running install scripts.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.log
 * @param {string} options.again what is to be run again where it fails
 * @param {NodeJS.ProcessEnv} [options.env] default this process' environment
 */
export async function npmCi({ folder, log, again, env = process.env }) {
  await runCommand(['npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], {
    log,
    cwd: folder,
    mending: `check the network and the npm registry that is configured (npm config get registry), then run ${again} again`,
    env,
  });
}
