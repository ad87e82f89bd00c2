import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command's file, for node. */
export const pstblnFile = fileURLToPath(new URL('../../src/cli/pstbln.js', import.meta.url));

const words = (line: string) => line.split(' ').filter((word) => word !== '');

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the pstbln command in a folder, with arguments that are parted by spaces. */
export function pstbln(cwd: string, line: string, env: NodeJS.ProcessEnv = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [pstblnFile, ...words(line)], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Until it has said something that matches, on the standard error stream. */
  said(pattern: RegExp): Promise<void>;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** Starts the command, as `pstbln` does. */
export function startPstbln(cwd: string, line: string, env: NodeJS.ProcessEnv = {}): RunningCommand {
  const child = spawn(process.execPath, [pstblnFile, ...words(line)], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, stderr }));
  });
  const said = async (pattern: RegExp) => {
    while (!pattern.test(stderr)) {
      const over = await Promise.race([ended, new Promise<null>((resolve) => setTimeout(() => resolve(null), 5))]);
      if (over !== null && !pattern.test(stderr)) throw new Error(`it ended without saying ${pattern}: ${stderr}`);
    }
  };
  return { child, said, ended };
}
