import { join } from 'node:path';
import { packageRoot } from '../package_root.js';

/** The model that comes with the package, as DIR/NAME. */
export function defaultModel(): string {
  return join(packageRoot(), 'models', 'ckplus_expressions');
}

/** The recipe that the default model is trained by. */
export function defaultRecipe(): string {
  return join(packageRoot(), 'config', 'ckplus_expressions.yaml');
}
