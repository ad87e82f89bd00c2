import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.mjs';
import { root } from './paths.mjs';

const bin = join(root, 'node_modules', '.bin', 'pstbln');
const command = join(root, 'dist', 'cli', 'pstbln.js');

/** What dist is made from. */
export const distInputs = ['src', 'tsconfig.json', 'tsconfig.dist.json', 'scripts/assemble.mjs'].map((name) =>
  join(root, name),
);

/** What building dist makes. */
export const distOutputs = ['index.js', 'perception/image/sample_tile.wasm'].map((name) => join(root, 'dist', name));

/**
 * Compiles and assembles src/ into dist/.
 *
 * @param {string} log
 */
export async function buildDist(log) {
  // Without this, files whose sources are gone would stay.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await runCommand([process.execPath, typeScriptCompiler, '-p', 'tsconfig.dist.json'], {
    log,
    mending: 'mend the TypeScript errors above (npm run build shows them alone)',
  });
  await assembleWebAssembly('dist', log);
  writeFileSync(join(root, 'dist', 'COLCON_IGNORE'), '');
}

/**
 * Assembles the WebAssembly of src/.
 *
 * @param {string} folder where src/ is compiled into, from the checkout on
 * @param {string} log
 */
export async function assembleWebAssembly(folder, log) {
  await runCommand([process.execPath, join(root, 'scripts', 'assemble.mjs'), folder], {
    log,
    mending: 'mend the WebAssembly text above (npm run build shows its errors alone)',
  });
}

/** The compiler's launcher. */
export const typeScriptCompiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** Makes `npx pstbln` run this checkout's command line: npm links a package's commands for others, not for itself. */
export function linkCommandLine() {
  if (existsSync(command)) chmodSync(command, 0o755);
  mkdirSync(dirname(bin), { recursive: true });
  if (lstatSync(bin, { throwIfNoEntry: false })) rmSync(bin);
  symlinkSync(join('..', '..', 'dist', 'cli', 'pstbln.js'), bin);
}
