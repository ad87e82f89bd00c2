import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { logFolder, root, stampFolder } from './paths.mjs';

const STILL_RUNNING_SECONDS = 20;

/**
 * A hash over texts and the contents of files and folders, to tell whether what a step was made from has changed.
 *
 * @param {string[]} texts versions, paths, anything that the step depends on
 * @param {string[]} paths files, or folders that are walked; a missing one counts as empty
 * @returns {string} SHA-256, hexadecimal
 */
export function hashOf(texts, paths = []) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const path of paths) hashPath(hash, path);
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash @param {string} path */
function hashPath(hash, path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) hashPath(hash, join(path, name));
    return;
  }
  hash.update(`${relative(root, path)}\0`);
  hash.update(readFileSync(path));
}

/**
 * Runs one step of set-up, announced, unless its stamp says that it is done already.
 *
 * @param {object} step
 * @param {string} step.name names the stamp and the log file
 * @param {string} step.title what is done, for the reader
 * @param {string} [step.key] changes whenever the step has to run again (see hashOf); without one it runs always
 * @param {string[]} [step.outputs] paths that the step makes: without one of them it runs again
 * @param {(log: string) => Promise<unknown>} step.run does the work; gets the path of a fresh log file
 * @returns {Promise<boolean>} whether it had to run
 */
export async function step({ name, title, key, outputs = [], run }) {
  const stamp = join(stampFolder, name);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key && outputs.every((path) => existsSync(path))) {
    console.log(`  ok    ${title} (done before)`);
    return false;
  }
  rmSync(stamp, { force: true });
  const log = join(logFolder, `${name}.log`);
  await rm(log, { force: true });
  await timed(title, () => run(log));
  if (key !== undefined) {
    await mkdir(stampFolder, { recursive: true });
    await writeFile(stamp, key);
  }
  return true;
}

/**
 * Announces work, says every 20 s that it is still going on, and says how long it took.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(title, work) {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  console.log(`  ...   ${title}`);
  const timer = setInterval(
    () => console.log(`        still at it (${seconds()} s): ${title}`),
    STILL_RUNNING_SECONDS * 1000,
  );
  try {
    const result = await work();
    console.log(`  ok    ${title} (${seconds()} s)`);
    return result;
  } catch (error) {
    console.log(`  FAIL  ${title} (${seconds()} s)`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
