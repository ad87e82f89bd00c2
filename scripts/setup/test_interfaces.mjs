import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from './interfaces.mjs';
import { root, rosFolder } from './paths.mjs';
import { findRos, joinPath, pythonPackages, rosEnvironment, rosIdentity } from './ros_environment.mjs';
import { hashOf, step } from './step.mjs';

/** The folder of each package in test/interfaces. */
const sources = join(root, 'test', 'interfaces');

/**
 * Builds the message packages of others that tests need (test/interfaces) into .ros/test_interfaces, where that is not
 * done yet.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} what is added to the environment of a process that is to find them
 * @throws {import('./command.mjs').SetupError} saying what failed
 */
export async function buildTestInterfaces() {
  const ros = findRos();
  const names = readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const prefixes = names.map((name) => join(rosFolder, 'test_interfaces', name));
  await Promise.all(
    names.map((name, index) => {
      const source = join(sources, name);
      const prefix = /** @type {string} */ (prefixes[index]);
      return step({
        name: `test_interfaces_${name}`,
        title: `build ${name} for the tests into .ros/test_interfaces`,
        key: hashOf([prefix, ...rosIdentity(ros)], [source]),
        outputs: [join(prefix, 'share', name, 'package.xml')],
        run: (log) =>
          buildPackage({ source, build: join(rosFolder, 'test_interfaces', 'build', name), prefix, ros, log }),
      });
    }),
  );
  const env = rosEnvironment(ros);
  return {
    AMENT_PREFIX_PATH: joinPath(...prefixes, env.AMENT_PREFIX_PATH),
    LD_LIBRARY_PATH: joinPath(...prefixes.map((prefix) => join(prefix, 'lib')), env.LD_LIBRARY_PATH),
    PYTHONPATH: joinPath(...prefixes.map(pythonPackages), env.PYTHONPATH),
  };
}
