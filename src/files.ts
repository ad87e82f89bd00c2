import { randomUUID } from 'node:crypto';
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, InvalidInputError } from './errors.js';

/** Ending of a file that is being written. */
const PARTIAL = '.partial';
const PARTIAL_NAME = /^\.[0-9a-f-]{36}\.partial$/;

/**
 * Writes a file so that a reader never sees half of it: under another name in the same folder, then renamed. Missing
 * folders are made.
 */
export async function writeFileWhole(path: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${randomUUID()}${PARTIAL}`);
  try {
    // Flushed before it gets its name: a machine that loses power would keep the name and lose the contents.
    await writeFile(partial, contents, { flush: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Removes what processes that were killed while they wrote have left in a folder; nobody may write there meanwhile. */
export async function removePartialFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (PARTIAL_NAME.test(name)) await rm(join(folder, name), { force: true });
}

/** @throws InvalidInputError naming the file where it cannot be read */
export async function readFileOf(thing: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = `a readable file (${(error as NodeJS.ErrnoException).code ?? errorMessage(error)})`;
    throw new InvalidInputError(thing, path, reason, path, { cause: error });
  }
}

/**
 * The contents of a file, or null where there is none.
 *
 * @throws InvalidInputError naming the file where it is there but cannot be read
 */
export async function readFileIfThere(thing: string, path: string): Promise<Buffer | null> {
  return existsSync(path) ? readFileOf(thing, path) : null;
}

/**
 * What is in a folder.
 *
 * @throws InvalidInputError naming the folder where it is not there or cannot be read
 */
export function readFolderOf(thing: string, path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const expected = `a readable folder (${errorMessage(error)})`;
    throw new InvalidInputError(thing, path, expected, path, { cause: error });
  }
}
