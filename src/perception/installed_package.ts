import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { errorMessage, InvalidInputError } from '../errors.js';

const require = createRequire(import.meta.url);

/**
 * What an npm package that is CommonJS exports.
 *
 * @param path the package, or a file in it
 * @throws InvalidInputError where it is not installed, or cannot be loaded
 */
export function requirePackage(path: string): unknown {
  return installed(path, () => require(path));
}

/**
 * The folder of an npm package, for the files that it holds.
 *
 * @throws InvalidInputError where it is not installed
 */
export function packageFolder(name: string): string {
  return installed(name, () => dirname(require.resolve(`${name}/package.json`)));
}

function installed<T>(name: string, get: () => T): T {
  try {
    return get();
  } catch (error) {
    const expected = `an installed package ('npm ci' brings it; ${errorMessage(error)})`;
    throw new InvalidInputError(name, 'missing', expected, 'node_modules', { cause: error });
  }
}
