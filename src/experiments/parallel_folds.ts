import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { ExpectedError } from '../errors.js';

/** What a fold's process tells while it works. */
export interface FoldProgress {
  /** The share of its work that is done, 0 to 1. */
  readonly done: number;
  /** What it is at, such as a topology. */
  readonly detail: string;
}

export interface ParallelFoldsOptions {
  readonly folds: readonly number[];
  /** Processes at a time; 0: as many as there are cores. */
  readonly jobs: number;
  /** The command line of one fold: the script, and its arguments. */
  readonly command: (fold: number) => readonly string[];
  /** Hears how many folds' work is done, with fractions, and what the fold that spoke last is at. */
  readonly onProgress: (done: number, detail: string) => void;
  readonly signal: AbortSignal | null;
}

/**
 * Works on folds in processes of their own, each with one thread: small networks gain nothing from more, and processes
 * do not wait for each other as threads of one do.
 *
 * @throws ExpectedError with what the first failing process said; the others are ended. No process is left when this ends
 */
export async function runFoldsInParallel(options: ParallelFoldsOptions): Promise<void> {
  const { folds, command, onProgress, signal } = options;
  const waiting = [...folds];
  const shares = new Map(folds.map((fold) => [fold, 0]));
  const running = new Set<ChildProcess>();
  const end = () => {
    waiting.length = 0;
    for (const child of running) child.kill('SIGINT');
  };
  signal?.addEventListener('abort', end, { once: true });
  const worker = async (): Promise<void> => {
    for (let fold = waiting.shift(); fold !== undefined; fold = waiting.shift()) {
      const current = fold;
      const report = ({ done, detail }: FoldProgress) => {
        shares.set(current, done);
        onProgress(
          [...shares.values()].reduce((sum, share) => sum + share, 0),
          detail,
        );
      };
      await runFold(command(current), running, report);
      report({ done: 1, detail: `fold ${current} done` });
    }
  };
  const jobs = Math.min(folds.length, options.jobs > 0 ? options.jobs : availableParallelism());
  const workers = Array.from({ length: jobs }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    end();
    signal?.throwIfAborted();
    throw error;
  } finally {
    await Promise.allSettled(workers);
    signal?.removeEventListener('abort', end);
  }
  signal?.throwIfAborted();
}

function runFold(
  [script, ...args]: readonly string[],
  running: Set<ChildProcess>,
  onProgress: (progress: FoldProgress) => void,
): Promise<void> {
  const child = fork(script!, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: process.env });
  running.add(child);
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.on('message', (message) => onProgress(message as FoldProgress));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, killed) => {
      running.delete(child);
      if (code === 0) resolve();
      else
        reject(
          new ExpectedError(
            said.trim().replace(/^pstbln: /, '') || `a fold's process ended with ${killed ?? `exit code ${code}`}`,
          ),
        );
    });
  });
}
