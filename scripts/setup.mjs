#!/usr/bin/env node
// npm run setup: everything that this checkout needs before it can run.
// node scripts/setup.mjs --javascript: only what CMakeLists.txt needs of it.
import { describeFailure } from './setup/command.mjs';
import { setUp, setUpJavaScript } from './setup/set_up.mjs';

try {
  await (process.argv.includes('--javascript') ? setUpJavaScript() : setUp());
} catch (error) {
  console.error(`\nSet-up failed: ${describeFailure(error)}`);
  process.exitCode = 1;
}
