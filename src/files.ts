import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage, InvalidInputError } from './errors.js';

/**
 * Writes a file so that a reader never sees half of it: under another name in the same folder, then renamed. Missing
 * folders are made.
 */
export async function writeFileWhole(path: string, contents: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    // Flushed before it gets its name: a machine that loses power would keep the name and lose the contents.
    await writeFile(partial, contents, { flush: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
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
