import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { packageRoot } from '../../src/package_root.js';

/** A folder that lives as long as the tests of this file; read it inside a test, where it exists. */
export function temporaryFolder(): { readonly path: string } {
  const folder = { path: '' };
  before(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'facial-expression-'));
  });
  after(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** Copies a file, and makes the folders that it goes into. */
export function copyTo(file: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
}

/** A folder of the shared data, or null where they are absent. */
export function sharedData(name: string): string | null {
  const path = join(process.env.FER_SHARED_DATA ?? join(packageRoot(), '..', 'shared', 'data'), name);
  return existsSync(path) ? path : null;
}

export const NO_SHARED_DATA = 'needs the shared data in ../shared/data (or FER_SHARED_DATA)';
