import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ffmpegLink, root } from './paths.mjs';
import { hashOf } from './step.mjs';

/** What the nodes read at run time, as the names of folders and files in the checkout. */
const LINKED = ['package.json', 'dist', 'node_modules', 'config', 'launch', 'models'];

/** Endings of files in npm packages that nothing reads at run time: maps, types, documents, build leftovers. */
const NOT_FOR_RUN_TIME = /\.(map|d\.ts|d\.mts|d\.cts|tsbuildinfo|md|markdown|o|a|d|gyp|gypi|cpp|cc|h|hpp)$/i;

/** Folders in npm packages that nothing reads at run time, as paths in node_modules. */
const FOLDERS_NOT_FOR_RUN_TIME = [
  /^face-api\.js\/(demo|src|types)$/,
  /^rclnodejs\/(prebuilds|src|types|build\/Release\/obj\.target|build\/Release\/\.deps)$/,
  /\/(test|tests|__tests__|docs|example|examples)$/,
];

/**
 * Makes a prefix lead into this checkout, so that what is built or edited here is what runs.
 *
 * @param {string} shareFolder PREFIX/share/facial_expression_recognition
 */
export function linkCheckout(shareFolder) {
  mkdirSync(shareFolder, { recursive: true });
  for (const name of LINKED) {
    const link = join(shareFolder, name);
    rmSync(link, { recursive: true, force: true });
    if (name !== 'launch') symlinkSync(join(root, name), link);
  }
  // ros2 launch looks for files in the share folder and in its subfolders, but not through links to folders.
  const launchFolder = join(shareFolder, 'launch');
  mkdirSync(launchFolder);
  for (const name of readdirSync(join(root, 'launch')).filter((file) => /\.(py|xml|ya?ml)$/.test(file))) {
    symlinkSync(join(root, 'launch', name), join(launchFolder, name));
  }
}

/**
 * Copies the JavaScript that runs into a prefix, so that it needs neither the checkout nor a place to write: dist,
 * package.json, the npm packages that are not for development, and the static ffmpeg where this machine has none.
 *
 * @param {string} shareFolder PREFIX/share/facial_expression_recognition
 */
export function copyJavaScript(shareFolder) {
  mkdirSync(shareFolder, { recursive: true });
  for (const name of LINKED) {
    // Left by linkCheckout: a copy would go through it into the checkout.
    const target = join(shareFolder, name);
    if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(target);
  }
  rmSync(join(shareFolder, 'launch'), { recursive: true, force: true });
  copyFileSync(join(root, 'package.json'), join(shareFolder, 'package.json'));
  rmSync(join(shareFolder, 'dist'), { recursive: true, force: true });
  copyFolder(join(root, 'dist'), join(shareFolder, 'dist'), (path) => !NOT_FOR_RUN_TIME.test(path));
  copyNpmPackages(join(shareFolder, 'node_modules'));
  const ffmpeg = join(shareFolder, 'libexec', 'ffmpeg');
  rmSync(ffmpeg, { force: true });
  if (existsSync(ffmpegLink)) {
    mkdirSync(dirname(ffmpeg), { recursive: true });
    copyFileSync(realpathSync(ffmpegLink), ffmpeg);
    chmodSync(ffmpeg, 0o755);
  }
}

/** @param {string} target the prefix's node_modules */
function copyNpmPackages(target) {
  const source = join(root, 'node_modules');
  const addon = join(source, 'rclnodejs', 'build', 'Release', 'rclnodejs.node');
  const generated = join(source, 'rclnodejs', 'generated');
  const key = hashOf(
    [process.platform, process.arch],
    [join(root, 'package-lock.json'), addon, generated, import.meta.filename],
  );
  const stamp = join(target, '.copied');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  rmSync(target, { recursive: true, force: true });
  for (const name of productionPackages()) {
    copyFolder(join(root, name), join(target, relative('node_modules', name)), (path) =>
      isForRunTime(relative(source, path)),
    );
  }
  writeFileSync(stamp, key);
}

/**
 * The npm packages that are installed and not only for development.
 *
 * @returns {string[]} paths such as node_modules/zod, nested ones too
 */
export function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.keys(packages).filter((path) => path !== '' && !packages[path].dev && existsSync(join(root, path)));
}

/**
 * @param {string} path of a file or folder, in node_modules
 * @returns {boolean} false for what run time never reads, other platforms' binaries among it
 */
export function isForRunTime(path) {
  const unixPath = path.split(sep).join('/');
  // Nested packages are copied in their own turn, or are for development only.
  if (basename(path) === 'node_modules') return false;
  if (FOLDERS_NOT_FOR_RUN_TIME.some((pattern) => pattern.test(unixPath))) return false;
  const binaries = /^onnxruntime-node\/bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/.exec(unixPath);
  if (binaries) {
    const [, platform, arch] = binaries;
    if (platform !== process.platform || (arch && arch !== process.arch)) return false;
  }
  return !NOT_FOR_RUN_TIME.test(unixPath);
}

/**
 * @param {string} source
 * @param {string} target
 * @param {(path: string) => boolean} isWanted asked for each file and folder by its path in the source
 */
function copyFolder(source, target, isWanted) {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source)) {
    const from = join(source, name);
    if (!isWanted(from)) continue;
    const to = join(target, name);
    const stats = statSync(from, { throwIfNoEntry: false });
    if (stats?.isDirectory()) copyFolder(from, to, isWanted);
    else if (stats) copyFileSync(from, to);
  }
}
