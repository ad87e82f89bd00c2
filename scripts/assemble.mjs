#!/usr/bin/env node
// node scripts/assemble.mjs FOLDER: assembles the WebAssembly text files of src (.wat) into .wasm files, in FOLDER where the
// compiler puts what it makes of the TypeScript beside them.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import wabt from 'wabt';
import { root } from './setup/paths.mjs';

/** Beside those that are on by themselves: memory that threads share. */
const FEATURES = { threads: true };

const folder = process.argv[2];
if (!folder) {
  console.error('Usage: node scripts/assemble.mjs FOLDER');
  process.exit(2);
}
const { parseWat } = await wabt();
const sources = join(root, 'src');
for (const name of readdirSync(sources, { recursive: true }).map(String)) {
  if (!name.endsWith('.wat')) continue;
  const target = join(folder, name.replace(/\.wat$/, '.wasm'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, assemble(join(sources, name)));
}

/** @param {string} path @returns {Uint8Array} the module's bytes */
function assemble(path) {
  // Its types know no features of validate.
  /** @type {{ validate(features: object): void, toBinary(options: object): { buffer: Uint8Array } }} */
  const module = parseWat(path, readFileSync(path, 'utf8'), FEATURES);
  module.validate(FEATURES);
  return module.toBinary({}).buffer;
}
