#!/usr/bin/env node
// npm run setup: everything that this checkout needs before it can run.
// node scripts/setup.mjs --javascript: only what CMakeLists.txt needs of it.
import { setUp, setUpJavaScript } from './setup/set_up.mjs';

try {
  await (process.argv.includes('--javascript') ? setUpJavaScript() : setUp());
} catch (error) {
  const isExpected = error instanceof Error && error.name === 'SetupError';
  console.error(`\nSet-up failed: ${isExpected ? error.message : (error?.stack ?? error)}`);
  process.exitCode = 1;
}
