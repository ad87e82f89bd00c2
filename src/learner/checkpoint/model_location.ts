import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../package_root.js';

/** The model that comes with this package, in models/. */
export const DEFAULT_MODEL = 'expressions';

/**
 * Where a model lies that a parameter or a flag names: FOLDER/NAME as it is (relative to the working folder), a bare
 * NAME among those that come with the package. NAME may carry the ending of one of its files.
 */
export function modelLocation(model: string): { directory: string; name: string } {
  const name = basename(model).replace(/\.(pt|onnx|json)$/, '');
  return model === basename(model)
    ? { directory: join(packageRoot(), 'models'), name }
    : { directory: dirname(model), name };
}
