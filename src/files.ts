import { randomUUID } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, InvalidInputError } from './errors.js';

/** Ending of a file that is being written. */
const PARTIAL = '.partial';
const PARTIAL_NAME = /^\.[0-9a-f-]{36}\.partial$/;

/**
 * Writes a file so that a reader never sees half of it: under another name in the same folder, then renamed. Missing
 * folders are made.
 */
export function writeFileWhole(path: string, contents: Uint8Array | string): Promise<void> {
  return writeWhole(path, (file) => file.writeFile(contents));
}

/** As `writeFileWhole`, of contents that are written piece by piece. */
export function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  return replaceWhole(path, async (partial) => {
    const file = await open(partial, 'wx');
    try {
      await write(file);
    } finally {
      await file.close();
    }
  });
}

/** As `writeFileWhole`, of a file that something else writes, such as another process. @param write into the path that it is given */
export async function replaceWhole(path: string, write: (partial: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = partialPath(path);
  try {
    await write(partial);
    // A machine that loses power would keep the name and lose the contents.
    const file = await open(partial, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Makes a folder with all that is in it, or nothing: under another name beside it, then renamed. What was there before
 * goes.
 *
 * @param fill writes into the folder that it is given
 */
export async function writeFolderWhole(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const partial = partialPath(path);
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rm(path, { recursive: true, force: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Writes files into a folder, where others may be: none has its name before all are written. Missing folders are made.
 */
export async function writeFilesTogether(
  folder: string,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const partial = partialPath(join(folder, 'files'));
  await mkdir(partial);
  try {
    for (const { name, bytes } of files) await writeFile(join(partial, name), bytes);
    for (const { name } of files) await rename(join(partial, name), join(folder, name));
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function partialPath(path: string): string {
  return join(dirname(path), `.${randomUUID()}${PARTIAL}`);
}

/** Removes what processes that were killed while they wrote have left in a folder; nobody may write there meanwhile. */
export async function removePartialFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (PARTIAL_NAME.test(name)) await rm(join(folder, name), { recursive: true, force: true });
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

/** Whether an entry of a folder is a folder itself, or a link to one. */
export function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(parent, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
