import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package_root.js';

/** A module of set-up, which is plain JavaScript so that it runs before anything is installed. */
export async function setupModule<Module>(name: string): Promise<Module> {
  return import(pathToFileURL(join(packageRoot(), 'scripts', 'setup', name)).href);
}
