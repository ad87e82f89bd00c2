import { errorMessage } from '../src/errors.js';

/** Runs a program to its end; what goes wrong is said on standard error, and the exit code is 1. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(errorMessage(error));
    process.exitCode = 1;
  }
}
