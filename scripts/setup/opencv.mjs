import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { withSetupLock } from './lock.mjs';
import { checkMachine, findNodeHeaders, isOnPath } from './machine.mjs';
import { npmCi } from './npm_packages.mjs';
import { opencvFolder, root } from './paths.mjs';
import { installPackages } from './set_up.mjs';
import { hashOf, step } from './step.mjs';

/** What to install of Debian, and of what is derived from it. */
const SYSTEM_PACKAGES = ['libopencv-dev', 'pkg-config'];
const SYSTEM_MENDING = `sudo apt-get install ${SYSTEM_PACKAGES.join(' ')} (OpenCV 4 with its headers), then run npm run setup:opencv again`;

const listed = join(root, 'scripts', 'opencv');
const packageFolder = join(opencvFolder, 'node_modules', 'opencv4nodejs');
const addon = join(packageFolder, 'build', 'Release', 'opencv4nodejs.node');

/**
 * Builds opencv4nodejs against the OpenCV of the system, in a folder of its own where --image-backend opencv looks for it.
 * What is done already is not done again.
 *
 * The package's own install step builds an OpenCV first, whose sources it fetches from a server that is no package registry.
 *
 * @throws {SetupError} saying what failed and how to mend it
 */
export async function setUpOpenCv() {
  console.log("opencv4nodejs on the system's OpenCV, in .opencv");
  await withSetupLock(async () => {
    const { summary } = checkMachine();
    console.log(`  ok    this machine has ${summary}`);
    // node-gyp is among them.
    await installPackages();
    const version = await findOpenCv();
    mkdirSync(opencvFolder, { recursive: true });
    writeFileSync(join(opencvFolder, 'COLCON_IGNORE'), '');
    const npmKey = hashOf([opencvFolder], [join(listed, 'package.json'), join(listed, 'package-lock.json')]);
    await step({
      name: 'opencv_npm',
      title: 'install opencv4nodejs from npm',
      key: npmKey,
      outputs: [join(packageFolder, 'package.json')],
      run: installFromNpm,
    });
    await step({
      name: 'opencv_addon',
      title: `compile opencv4nodejs against OpenCV ${version}`,
      key: hashOf([npmKey, version, process.versions.modules], [listed, import.meta.filename]),
      outputs: [addon],
      run: buildAddon,
    });
  });
  console.log('Set-up of OpenCV is complete: --image-backend opencv finds it by itself.');
}

/** @returns {Promise<string>} the version of the system's OpenCV, which is installed where it is missing and that may be done */
async function findOpenCv() {
  const found = installedVersion();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new SetupError('this machine has no OpenCV 4 to build against (pkg-config opencv4)', SYSTEM_MENDING);
  }
  await step({
    name: 'opencv_system',
    title: `install ${SYSTEM_PACKAGES.join(' and ')} with apt-get`,
    run: installSystemPackages,
  });
  const installed = installedVersion();
  if (installed !== undefined) return installed;
  throw new SetupError('apt-get installed no OpenCV 4 (pkg-config does not know opencv4)', SYSTEM_MENDING);
}

/** @returns {string | undefined} undefined where there is no OpenCV 4 with headers */
function installedVersion() {
  const { status, stdout } = spawnSync('pkg-config', ['--modversion', 'opencv4'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** @param {string} log */
async function installSystemPackages(log) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...SYSTEM_PACKAGES];
  const options = { log, env, mending: SYSTEM_MENDING };
  try {
    await runCommand(install, options);
  } catch {
    // Its lists may be old, or none.
    await runCommand(['apt-get', 'update', '-q'], options);
    await runCommand(install, options);
  }
}

/** @param {string} log */
async function installFromNpm(log) {
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(listed, name), join(opencvFolder, name));
  await npmCi({ folder: opencvFolder, log, again: 'the same command' });
}

/** @param {string} log */
async function buildAddon(log) {
  // node-gyp takes no other name.
  copyFileSync(join(listed, 'binding.gyp'), join(packageFolder, 'binding.gyp'));
  const nodeGyp = createRequire(join(root, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  const headers = findNodeHeaders();
  await runCommand(
    [process.execPath, nodeGyp, 'rebuild', '-j', String(availableParallelism()), `--parts=${join(listed, 'include')}`],
    {
      log,
      cwd: packageFolder,
      env: { ...process.env, ...(headers ? { npm_config_nodedir: headers } : {}) },
      mending:
        'read the compiler errors above; a failed download of Node.js headers means no network (set npm_config_nodedir ' +
        'to a folder with include/node); else remove .opencv and run the same command again',
    },
  );
  await tryOut(log);
}

/**
 * An image to PNG and back, with what was built.
 *
 * @param {string} log
 */
async function tryOut(log) {
  const script =
    `const cv = require(${JSON.stringify(addon)});` +
    "const mat = cv.imdecode(cv.imencode('.png', new cv.Mat(3, 4, cv.CV_8UC3, [7, 8, 9])), cv.IMREAD_COLOR);" +
    'const { major, minor, revision } = cv.version;' +
    'console.log(JSON.stringify({ size: [mat.rows, mat.cols], pixel: [...mat.getData().subarray(0, 3)], version: [major, minor, revision].join(".") }));';
  const answer = await runCommand([process.execPath, '-e', script], {
    log,
    mending: 'remove .opencv and run the same command again',
  });
  const { version, ...image } = JSON.parse(answer);
  if (JSON.stringify(image) !== '{"size":[3,4],"pixel":[7,8,9]}') {
    throw new SetupError(`an image that was written and read again is ${JSON.stringify(image)}`, SYSTEM_MENDING);
  }
  console.log(`        OpenCV ${version} works`);
}
