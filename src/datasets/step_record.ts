import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfThere, writeFileWhole } from '../files.js';

const RECORD = '.prepared.json';

/**
 * What each file of a folder was made of, so that a step that runs again leaves out what is as it would be made again.
 * Kept in a hidden file of the folder.
 */
export class StepRecord {
  private constructor(
    private readonly folder: string,
    private readonly made: Map<string, string>,
  ) {}

  static async open(folder: string): Promise<StepRecord> {
    const text = await readFileIfThere('the record', join(folder, RECORD));
    return new StepRecord(folder, new Map(parsed(text)));
  }

  /**
   * Whether files were made of this before, and are there.
   *
   * @param names within the folder; @param origin see `originDigest`
   */
  async has(names: readonly string[], origin: string): Promise<boolean> {
    for (const name of names) {
      if (this.made.get(name) !== origin) return false;
      const found = await stat(join(this.folder, name)).catch(() => null);
      if (found === null) return false;
    }
    return true;
  }

  async note(names: readonly string[], origin: string): Promise<void> {
    for (const name of names) this.made.set(name, origin);
    await writeFileWhole(join(this.folder, RECORD), JSON.stringify(Object.fromEntries(this.made)));
  }
}

/** A damaged record is as none: all is made again. */
function parsed(text: Buffer | null): [string, string][] {
  try {
    return Object.entries(JSON.parse(text?.toString('utf8') ?? '{}') as Record<string, string>);
  } catch {
    return [];
  }
}

/** Tells apart what something is made of: options, and files by their sizes and times. */
export async function originDigest(options: object, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`\n${file} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex');
}
