import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoClips, demoClipsKey, fetchDemoClips } from './demo_clips.mjs';
import { buildDist, distInputs, distOutputs, linkCommandLine } from './dist.mjs';
import { linkStaticFfmpeg, needsStaticFfmpeg } from './ffmpeg.mjs';
import { buildInterfaces, interfaceInputs, interfaceOutputs } from './interfaces.mjs';
import { generateJavaScriptMessages, javaScriptMessageOutputs } from './javascript_messages.mjs';
import { withSetupLock } from './lock.mjs';
import { checkMachine } from './machine.mjs';
import { installNpmPackages, npmPackagesMatch } from './npm_packages.mjs';
import { ffmpegLink, installPrefix, root, rosFolder, toolsPrefix, wheelsPrefix } from './paths.mjs';
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

/** @typedef {import('./ros_environment.mjs').Ros} Ros */
/** @typedef {import('./machine.mjs').Python} Python */

/** A module of set-up: a change of it runs the steps that it does again. */
const code = (/** @type {string} */ name) => join(root, 'scripts', 'setup', name);

/**
 * Does all that this checkout needs before its nodes, its command line and its tests can run, and says so. What is
 * done already is not done again.
 *
 * @throws {import('./command.mjs').SetupError} saying what failed and how to mend it
 */
export async function setUp() {
  await announced('Set-up of facial_expression_recognition', async (python, ros) => {
    // Both are mostly waiting for network and disk.
    await settleAll([installPythonSide(ros, python), installNodeSide()]);
    await compileAddon(ros);
    await generateMessages(ros);
    await buildPackage(ros, python);
    await compileTypeScript();
  });
}

/**
 * The part of set-up that CMake needs before it can install the nodes: npm's packages, rclnodejs compiled against the
 * ROS 2 that CMake builds with, dist, and ffmpeg where there is none.
 *
 * @throws {import('./command.mjs').SetupError} saying what failed and how to mend it
 */
export async function setUpJavaScript() {
  await announced('JavaScript of facial_expression_recognition', async (python, ros) => {
    await settleAll([
      ros.kind === 'wheels' ? installPythonSide(ros, python) : installFfmpeg(python),
      installPackages(),
    ]);
    await compileAddon(ros);
    await generateMessages(ros);
    await compileTypeScript();
  });
}

/** @param {string} title @param {(python: Python, ros: Ros) => Promise<void>} work */
async function announced(title, work) {
  console.log(title);
  const start = performance.now();
  await withSetupLock(async () => {
    const { python, summary } = checkMachine();
    console.log(`  ok    this machine has ${summary}`);
    const ros = findRos();
    console.log(
      `  ok    ROS 2: ${ros.kind === 'sourced' ? `${ros.distro} is sourced (${ros.prefix})` : 'none is sourced, so Kilted from wheels'}`,
    );
    keepColconOut();
    await work(python, ros);
  });
  console.log(`Set-up is complete (${((performance.now() - start) / 1000).toFixed(1)} s).`);
}

/** @param {Ros} ros @param {Python} python */
async function installPythonSide(ros, python) {
  if (ros.kind !== 'wheels') return installFfmpeg(python);
  const requirements = needsStaticFfmpeg() ? [requirementsFile, ffmpegRequirementsFile] : [requirementsFile];
  await step({
    name: 'ros_wheels',
    title: 'install ROS 2 Kilted from wheels into .ros/kilted',
    key: hashOf([wheelsPrefix, ...describePython(python)], [...requirements, constraintsFile, code('ros_wheels.mjs')]),
    outputs: [ros.python],
    run: (log) => installRosWheels({ python, requirements, log }),
  });
  if (needsStaticFfmpeg()) linkStaticFfmpeg();
}

/** @param {Python} python */
async function installFfmpeg(python) {
  if (!needsStaticFfmpeg()) return;
  const requirements = [ffmpegRequirementsFile];
  await step({
    name: 'ffmpeg',
    title: 'install a static ffmpeg into .ros/tools, since none is on PATH',
    key: hashOf([toolsPrefix, ...describePython(python)], [...requirements, constraintsFile]),
    outputs: [ffmpegLink],
    run: async (log) => {
      await makeVirtualEnvironment({ prefix: toolsPrefix, python, requirements, log });
      linkStaticFfmpeg();
    },
  });
}

async function installNodeSide() {
  await installPackages();
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

/** Makes node_modules what package-lock.json says, where it is not. */
export async function installPackages() {
  if (npmPackagesMatch()) console.log('  ok    install npm packages (done before)');
  else await step({ name: 'npm', title: 'install npm packages', run: installNpmPackages });
}

/** @param {Ros} ros */
async function compileAddon(ros) {
  const version = rclnodejsVersion();
  const key = hashOf([version, ...rosIdentity(ros)], [code('rclnodejs_addon.mjs')]).slice(0, 16);
  await step({
    name: 'rclnodejs',
    title: `compile rclnodejs ${version} against ROS 2`,
    key,
    outputs: addonOutputs,
    run: (log) => buildRclnodejs({ ros, key, log }),
  });
}

/** @param {Ros} ros */
async function generateMessages(ros) {
  await step({
    name: 'messages',
    title: "generate rclnodejs' JavaScript and types for all messages",
    key: hashOf(
      [rclnodejsVersion(), ...rosIdentity(ros)],
      [join(root, 'msg'), join(root, 'srv'), code('javascript_messages.mjs')],
    ),
    outputs: javaScriptMessageOutputs,
    run: (log) => generateJavaScriptMessages({ ros, log }),
  });
}

/** @param {Ros} ros @param {Python} python */
async function buildPackage(ros, python) {
  await step({
    name: 'interfaces',
    title: 'build our messages with CMake into .ros/install',
    key: hashOf(
      [installPrefix, ...rosIdentity(ros), ...describePython(python)],
      [...interfaceInputs, code('interfaces.mjs'), code('installed_files.mjs')],
    ),
    outputs: interfaceOutputs,
    run: (log) => buildInterfaces({ ros, log }),
  });
}

async function compileTypeScript() {
  await step({
    name: 'dist',
    title: 'compile TypeScript into dist',
    key: hashOf(
      [],
      [...distInputs, join(root, 'msg'), join(root, 'srv'), join(root, 'package-lock.json'), code('dist.mjs')],
    ),
    outputs: distOutputs,
    run: buildDist,
  });
  linkCommandLine();
}

/** @returns {string} */
function rclnodejsVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'rclnodejs', 'package.json'), 'utf8')).version;
}

/** @param {Python} python @returns {string[]} what a virtual environment made with it depends on */
function describePython(python) {
  return [python.executable, python.version.join('.')];
}

/** colcon would take copies of package.xml inside these for packages of their own. */
function keepColconOut() {
  for (const folder of [join(root, 'build'), rosFolder]) {
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
