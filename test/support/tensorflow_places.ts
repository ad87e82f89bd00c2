import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/package_root.js';

/** Where only the TensorFlow.js that this package depends on is found, as on a machine where nothing was set up. */
export const PLAIN_PLACES = [dirname(fileURLToPath(import.meta.url))];

/** Where set-up builds TensorFlow.js on libtensorflow; null where it has not. */
export function builtPlace(kind: 'cpu' | 'gpu'): string | null {
  const place = join(packageRoot(), '.tensorflow', kind);
  return existsSync(place) ? place : null;
}

export const NO_LIBTENSORFLOW = 'needs libtensorflow: npm run setup:tensorflow';
