import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { root } from './paths.mjs';

const HEAD_LINES = 10;
const TAIL_LINES = 25;

/** A step that did not work: what failed, how it looked, and how to mend it. */
export class SetupError extends Error {
  /**
   * @param {string} message what failed, and what was expected
   * @param {string} mending what to do about it
   */
  constructor(message, mending) {
    super(`${message}\n  To mend it: ${mending}`);
    this.name = 'SetupError';
  }
}

/**
 * What to print of an error: the words of a SetupError, which say all; anything else is a fault, so with its stack.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function describeFailure(error) {
  if (!(error instanceof Error)) return String(error);
  return error instanceof SetupError ? error.message : (error.stack ?? error.message);
}

/**
 * Runs a command with its output going to a log file.
 *
 * @param {string[]} command the program and its arguments
 * @param {object} options
 * @param {string} options.log the log file, appended to
 * @param {string} options.mending what to do when the command fails
 * @param {string} [options.cwd] the folder to run in; default the checkout
 * @param {NodeJS.ProcessEnv} [options.env] default this process' environment
 * @returns {Promise<string>} what the command printed on stdout
 * @throws {SetupError} with the command, the beginning and the end of its output, the log file and the mending advice
 */
export async function runCommand(command, { log, mending, cwd = root, env = process.env }) {
  await mkdir(dirname(log), { recursive: true });
  const logStream = createWriteStream(log, { flags: 'a' });
  logStream.write(`\n$ ${command.join(' ')}\n`);
  let stdout = '';
  let all = '';
  const outcome = await new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => {
      logStream.write(data);
      stdout += data;
      all += data;
    });
    child.stderr.on('data', (data) => {
      logStream.write(data);
      all += data;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? '' : signal ? `signal ${signal}` : `exit code ${code}`));
  });
  await new Promise((resolve) => logStream.end(resolve));
  if (outcome === '') return stdout;
  throw new SetupError(
    `${command.join(' ')}\n  failed (${outcome}) in ${cwd}\n    | ${excerpt(all).join('\n    | ')}\n  Whole output: ${relative(process.cwd(), log)}`,
    mending,
  );
}

/**
 * What to show of a failed command's output: the end, and the beginning too, where some tools name the cause before they
 * print their usage.
 *
 * @param {string} output
 * @returns {string[]} lines
 */
function excerpt(output) {
  const lines = output.trim().split('\n');
  if (lines.length <= HEAD_LINES + TAIL_LINES) return lines;
  return [...lines.slice(0, HEAD_LINES), '[...]', ...lines.slice(-TAIL_LINES)];
}
