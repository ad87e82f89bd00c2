import { join } from 'node:path';
import { packageRoot } from '../package_root.js';

/** The recipe that is cross-validated where none is named: of CK+'s own classes, as its sequences are labelled. */
export function defaultRecipe(): string {
  return join(packageRoot(), 'config', 'ckplus_seven_classes.yaml');
}
