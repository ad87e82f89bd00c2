#!/usr/bin/env node
// npm run setup: everything that this checkout needs before it can run (see setup/set_up.mjs).
import { setUp } from './setup/set_up.mjs';

try {
  await setUp();
} catch (error) {
  console.error(
    `\nSet-up failed: ${error instanceof Error && error.name === 'SetupError' ? error.message : (error?.stack ?? error)}`,
  );
  process.exitCode = 1;
}
