import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from './command.mjs';
import { rosFolder } from './paths.mjs';

const MINIMAL_NODE = [20, 20, 2];
const MINIMAL_PYTHON = [3, 10, 0];
const MINIMAL_CMAKE = [3, 20, 0];
const PYTHON_NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

const PYTHON_PROBE = `
import importlib.util, json, os, sys, sysconfig
include = sysconfig.get_paths()['include']
print(json.dumps({
    'version': list(sys.version_info[:3]),
    'executable': sys.executable,
    'include': include,
    'headers': os.path.exists(os.path.join(include, 'Python.h')),
    'venv': all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip')),
}))
`;

/**
 * @typedef {object} Python
 * @property {number[]} version major, minor, patch
 * @property {string} executable absolute path
 * @property {string} include folder of Python.h
 * @property {boolean} headers whether Python.h is there
 * @property {boolean} venv whether virtual environments can be made
 */

/**
 * Checks that this machine has what set-up needs but does not install.
 *
 * @returns {{python: Python, summary: string}} the Python to build with, and one line on all that was found
 * @throws {SetupError} naming what is missing and the package that has it
 */
export function checkMachine() {
  const node = parseVersion(process.version);
  if (!isAtLeast(node, MINIMAL_NODE)) {
    throw new SetupError(
      `Node.js is ${process.version}, expected ${MINIMAL_NODE.join('.')} or newer`,
      'install a newer Node.js, for example with nvm or from nodejs.org',
    );
  }
  const cmake = toolVersion('cmake', 'CMake', 'sudo apt-get install cmake');
  if (!isAtLeast(cmake, MINIMAL_CMAKE)) {
    throw new SetupError(
      `cmake is ${cmake.join('.')}, expected ${MINIMAL_CMAKE.join('.')} or newer`,
      'install a newer CMake, for example with: python3 -m pip install cmake',
    );
  }
  const compiler = process.env.CXX ?? ['c++', 'g++', 'clang++'].find((name) => isOnPath(name)) ?? 'c++';
  const cxx = toolVersion(compiler, 'a C++ compiler', 'sudo apt-get install build-essential');
  toolVersion('make', 'make (node-gyp needs it)', 'sudo apt-get install build-essential');
  const python = findPython();
  const versions = `Node.js ${node.join('.')}, Python ${python.version.join('.')}, CMake ${cmake.join('.')}, ${compiler} ${cxx.join('.')}`;
  return { python, summary: versions };
}

/**
 * The first Python on PATH (or $PYTHON) that is new enough and has venv and its headers.
 *
 * @returns {Python}
 * @throws {SetupError} saying what the nearest candidate lacks
 */
export function findPython() {
  const names = process.env.PYTHON ? [process.env.PYTHON] : PYTHON_NAMES;
  let problem = new SetupError(
    `none of ${names.join(', ')} is on PATH, expected Python 3.10 or newer`,
    'sudo apt-get install python3 python3-venv python3-dev',
  );
  let isFirst = true;
  for (const name of names) {
    const python = probePython(name);
    if (!python) continue;
    const lack = whatPythonLacks(python);
    if (!lack) return python;
    if (isFirst) problem = lack;
    isFirst = false;
  }
  throw problem;
}

/** @param {string} name @returns {Python | undefined} undefined where there is no such Python */
function probePython(name) {
  // Not the one of .ros/kilted, which is first on PATH where our nodes run: set-up makes that environment itself.
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.startsWith(`${rosFolder}/`));
  const env = { ...process.env, PATH: folders.join(':') };
  try {
    const text = execFileSync(name, ['-c', PYTHON_PROBE], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {Python} python @returns {SetupError | undefined} */
export function whatPythonLacks({ version, executable, venv, headers, include }) {
  const series = `${version[0]}.${version[1]}`;
  if (!isAtLeast(version, MINIMAL_PYTHON)) {
    return new SetupError(
      `${executable} is Python ${version.join('.')}, expected 3.10 or newer`,
      'install a newer Python (with its venv and headers), or name one in the variable PYTHON',
    );
  }
  if (!venv) {
    return new SetupError(
      `${executable} has no venv and ensurepip modules, expected them for virtual environments`,
      `sudo apt-get install python3-venv (or python${series}-venv)`,
    );
  }
  if (!headers) {
    return new SetupError(
      `${executable} has no headers (no ${join(include, 'Python.h')}), expected them to build the messages' Python part`,
      `sudo apt-get install python3-dev (or python${series}-dev)`,
    );
  }
  return undefined;
}

/**
 * The prefix whose include/node holds the headers of the running Node.js, so that node-gyp need not download them.
 *
 * @returns {string | undefined} undefined where there are none: node-gyp then fetches them
 */
export function findNodeHeaders() {
  const prefixes = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), '/usr', '/usr/local'];
  const major = parseVersion(process.version)[0];
  return prefixes.find((prefix) => {
    if (!prefix) return false;
    const header = ['include/node', 'src'].map((folder) => join(prefix, folder, 'node_version.h')).find(existsSync);
    return header && new RegExp(`#define NODE_MAJOR_VERSION ${major}\\b`).test(readFileSync(header, 'utf8'));
  });
}

/** @param {string} name @returns {boolean} whether an executable of that name is on PATH */
export function isOnPath(name) {
  return findOnPath(name) !== undefined;
}

/** @param {string} name @param {string} [path] a PATH to search; default this process' @returns {string | undefined} */
export function findOnPath(name, path = process.env.PATH ?? '') {
  const folders = path.split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** @param {string} text @returns {number[]} the first x.y or x.y.z in a text */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : [0, 0, 0];
}

/** @param {number[]} version @param {number[]} minimum @returns {boolean} */
export function isAtLeast(version, minimum) {
  for (let i = 0; i < minimum.length; i++) {
    if (version[i] !== minimum[i]) return (version[i] ?? 0) > (minimum[i] ?? 0);
  }
  return true;
}

/** @param {string} tool @param {string} what @param {string} mending @returns {number[]} */
function toolVersion(tool, what, mending) {
  try {
    return parseVersion(execFileSync(tool, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    throw new SetupError(`${tool} is missing, expected ${what} on PATH`, mending);
  }
}
