import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../package_root.js';

/** The model that comes with this package, in models/. */
export const DEFAULT_MODEL = 'ckplus_expressions';

/**
 * Where the model of a parameter lies: FOLDER/NAME as it is (relative to the working folder), a bare NAME among those
 * that come with the package.
 */
export function modelLocation(model: string): { directory: string; name: string } {
  const name = basename(model);
  return model === name ? { directory: join(packageRoot(), 'models'), name } : { directory: dirname(model), name };
}
