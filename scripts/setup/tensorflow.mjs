import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { withSetupLock } from './lock.mjs';
import { checkMachine, findNodeHeaders } from './machine.mjs';
import { npmCi } from './npm_packages.mjs';
import { root, tensorFlowFolder } from './paths.mjs';
import { pythonPackages } from './ros_environment.mjs';
import { makeVirtualEnvironment } from './ros_wheels.mjs';
import { installPackages } from './set_up.mjs';
import { hashOf, step } from './step.mjs';

/** @typedef {'cpu' | 'gpu'} Kind */

/** tfjs-node's package for each kind. */
const PACKAGES = { cpu: '@tensorflow/tfjs-node', gpu: '@tensorflow/tfjs-node-gpu' };

/** What the addon links, as tfjs-node's build calls it, and as the wheel does. */
const LIBRARIES = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};

/** The version of Node-API that tfjs-node looks for its addon by. */
const NAPI_VERSION = 8;

/**
 * Builds TensorFlow.js for Node against the libtensorflow of TensorFlow's wheel, in a folder of its own that the engine
 * 'tensorflow' looks into. What is done already is not done again.
 *
 * tfjs-node's own install step downloads a libtensorflow of 2022 instead, from a server that is no package registry.
 *
 * @param {Kind} kind
 * @throws {SetupError} saying what failed and how to mend it
 */
export async function setUpTensorFlow(kind) {
  const name = PACKAGES[kind];
  console.log(`TensorFlow.js on libtensorflow: ${name}, in .tensorflow/${kind}`);
  refuseOtherPlatforms(name);
  await withSetupLock(async () => {
    const { python, summary } = checkMachine();
    console.log(`  ok    this machine has ${summary}`);
    // node-gyp is among them.
    await installPackages();
    const listed = join(root, 'scripts', 'tensorflow', kind);
    const place = join(tensorFlowFolder, kind);
    const wheel = join(place, 'wheel');
    const npmKey = hashOf([place], [join(listed, 'package.json'), join(listed, 'package-lock.json')]);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(tensorFlowFolder, 'COLCON_IGNORE'), '');
    const wheelKey = hashOf([wheel, python.executable, python.version.join('.')], [join(listed, 'requirements.txt')]);
    await step({
      name: `tensorflow_${kind}_wheel`,
      title: `install TensorFlow's wheel${kind === 'gpu' ? 's (some GB)' : ' (274 MB)'}`,
      key: wheelKey,
      outputs: [wheel],
      run: (log) => {
        const requirements = [join(listed, 'requirements.txt')];
        return makeVirtualEnvironment({ prefix: wheel, python, requirements, onlyListed: true, log });
      },
    });
    // After the wheel, so that the engine does not find a package that cannot be built yet.
    await step({
      name: `tensorflow_${kind}_npm`,
      title: `install ${name} from npm`,
      key: npmKey,
      outputs: [inPackage(kind, 'package.json')],
      run: (log) => installFromNpm(listed, place, log),
    });
    await step({
      name: `tensorflow_${kind}_addon`,
      title: `compile ${name} against it`,
      key: hashOf([npmKey, wheelKey], [import.meta.filename]),
      outputs: [inPackage(kind, 'lib', `napi-v${NAPI_VERSION}`, 'tfjs_binding.node')],
      run: (log) => buildAddon(kind, wheel, log),
    });
  });
  console.log(`Set-up of TensorFlow is complete: the engine 'tensorflow' finds it by itself.`);
}

/** @param {Kind} kind @param {string[]} parts @returns {string} a path inside the installed package */
function inPackage(kind, ...parts) {
  return join(tensorFlowFolder, kind, 'node_modules', ...PACKAGES[kind].split('/'), ...parts);
}

/** @param {string} name */
function refuseOtherPlatforms(name) {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new SetupError(
    `this machine is ${process.platform} ${process.arch}; this set-up takes libtensorflow from wheels for Linux x64`,
    `npm install ${name} here may do: its own install step downloads a libtensorflow for some platforms`,
  );
}

/**
 * @param {string} listed the folder with the list of packages
 * @param {string} place where to install them
 * @param {string} log
 */
async function installFromNpm(listed, place, log) {
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(listed, name), join(place, name));
  await npmCi({ folder: place, log, again: 'the same command' });
}

/**
 * @param {Kind} kind
 * @param {string} wheel the virtual environment with TensorFlow
 * @param {string} log
 */
async function buildAddon(kind, wheel, log) {
  const packages = pythonPackages(wheel) ?? '';
  const tensorFlow = join(packages, 'tensorflow');
  linkLibraries(kind, tensorFlow);
  // TensorFlow's libraries for the GPU look for CUDA's beside their own folder.
  const cuda = join(packages, 'nvidia');
  if (existsSync(cuda)) link(cuda, inPackage(kind, 'deps', 'nvidia'));

  const nodeGyp = createRequire(join(root, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  const headers = findNodeHeaders();
  const built = inPackage(kind, 'build');
  await runCommand(
    [
      process.execPath,
      nodeGyp,
      'rebuild',
      '-j',
      String(availableParallelism()),
      '--module_name=tfjs_binding',
      `--module_path=${join(built, 'addon')}`,
      `--napi_build_version=${NAPI_VERSION}`,
    ],
    {
      log,
      cwd: inPackage(kind),
      env: { ...process.env, ...(headers ? { npm_config_nodedir: headers } : {}) },
      mending:
        'read the compiler errors above; a failed download of Node.js headers means no network (set npm_config_nodedir ' +
        `to a folder with include/node); else remove ${relative(root, join(tensorFlowFolder, kind))} and run the same command again`,
    },
  );
  const addons = inPackage(kind, 'lib', `napi-v${NAPI_VERSION}`);
  mkdirSync(addons, { recursive: true });
  renameSync(join(built, 'addon', 'tfjs_binding.node'), join(addons, 'tfjs_binding.node'));
  rmSync(built, { recursive: true });
  await tryOut(kind, log);
}

/** @param {Kind} kind @param {string} tensorFlow the wheel's folder */
function linkLibraries(kind, tensorFlow) {
  const libraries = inPackage(kind, 'deps', 'lib');
  rmSync(inPackage(kind, 'deps'), { recursive: true, force: true });
  mkdirSync(libraries, { recursive: true });
  for (const [name, inWheel] of Object.entries(LIBRARIES)) {
    const library = join(tensorFlow, inWheel);
    if (!existsSync(library)) {
      throw new SetupError(
        `TensorFlow's wheel has no ${inWheel} (${library}), expected one that has`,
        `name a version that has it in scripts/tensorflow/${kind}/requirements.txt`,
      );
    }
    // Under both names: the linker goes by the first, the loader by the second, through the addon's own run path.
    link(library, join(libraries, name));
    link(library, join(libraries, inWheel));
  }
  link(join(tensorFlow, 'include'), inPackage(kind, 'deps', 'include'));
}

/** @param {string} target @param {string} path */
function link(target, path) {
  symlinkSync(relative(join(path, '..'), target), path);
}

/**
 * A product, with what was built.
 *
 * @param {Kind} kind
 * @param {string} log
 */
async function tryOut(kind, log) {
  const script =
    // tfjs-node calls it, and Node 23 and later lack it.
    "require('node:util').isNullOrUndefined ??= (value) => value == null;" +
    `const tf = require(${JSON.stringify(PACKAGES[kind])});` +
    'const product = tf.matMul([[1, 2], [3, 4]], [[1, 2], [3, 4]]).arraySync();' +
    'const { binding, isUsingGpuDevice } = tf.backend();' +
    'console.log(JSON.stringify({ product, version: binding.TF_Version, gpu: isUsingGpuDevice }));';
  const answer = await runCommand([process.execPath, '-e', script], {
    log,
    cwd: join(tensorFlowFolder, kind),
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    mending: `remove ${relative(root, join(tensorFlowFolder, kind))} and run the same command again`,
  });
  const { product, version, gpu } = JSON.parse(answer);
  if (JSON.stringify(product) !== '[[7,10],[15,22]]') {
    throw new SetupError(`a product with what was built is ${JSON.stringify(product)}, expected [[7,10],[15,22]]`, '');
  }
  console.log(
    `        TensorFlow ${version} works${gpu ? ' on the GPU' : kind === 'gpu' ? ', but sees no GPU here' : ''}`,
  );
}
