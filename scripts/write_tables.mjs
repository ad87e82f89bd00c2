#!/usr/bin/env node
// npm run docs: writes what the documentation says of expression_node's parameters, and the file with their defaults,
// from the code (compiled into build/ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/paths.mjs';

const compiled = (/** @type {string} */ path) => import(pathToFileURL(join(root, 'build/ts/src/nodes', path)).href);
const { EXPRESSION_PARAMETERS } = await compiled('expression/expression_parameters.js');
const { parameterFile, parameterTable } = await compiled('parameters/parameter_text.js');

const page = join(root, 'docs', 'interface.md');
const text = readFileSync(page, 'utf8');
const table = /^\| parameter +\|.*?(?=^(?!\|))/ms;
if (!table.test(text)) throw new Error(`${page} has no table of parameters`);
writeFileSync(
  page,
  text.replace(table, () => `${parameterTable(EXPRESSION_PARAMETERS)}\n`),
);
writeFileSync(join(root, 'config', 'expression_node.yaml'), parameterFile('expression_node', EXPRESSION_PARAMETERS));
