import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rosFolder } from './paths.mjs';

/**
 * Runs work while no other set-up of this checkout runs: two at once would delete each other's files.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  mkdirSync(rosFolder, { recursive: true });
  const lock = join(rosFolder, 'setup.lock');
  for (let announced = false; !tryLock(lock); announced = true) {
    if (!announced) console.log('  ...   waiting for another set-up of this checkout to end');
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock @returns {boolean} whether this process holds the lock now */
function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (isRunning(lock)) return false;
  rmSync(lock, { force: true });
  return tryLock(lock);
}

/** @param {string} lock @returns {boolean} whether the process that wrote the lock still lives */
function isRunning(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
