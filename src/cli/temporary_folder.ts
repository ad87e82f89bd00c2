import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Works in the folder that is given, or in one that is removed afterwards. */
export async function withFolder<T>(given: string | undefined, work: (folder: string) => Promise<T>): Promise<T> {
  if (given !== undefined) return work(given);
  const folder = await mkdtemp(join(tmpdir(), 'pstbln_'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
