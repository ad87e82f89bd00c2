import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this package's package.json, wherever the compiled code lies (dist/, a test build, an installed ROS 2
 * prefix), so that config/, models/ and launch/ are found next to it.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the code of facial_expression_recognition');
    folder = parent;
  }
  return folder;
}
