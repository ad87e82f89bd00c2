import { join } from 'node:path';
import { packageRoot } from '../package_root.js';

/** The recipe that the default model is trained by. */
export function defaultRecipe(): string {
  return join(packageRoot(), 'config', 'ckplus_expressions.yaml');
}
