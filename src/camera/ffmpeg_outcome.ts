import type { ChildProcess } from 'node:child_process';

/** Of what ffmpeg complains about, this much is kept, characters. */
const KEPT_COMPLAINT = 4_000;

/** How a run of ffmpeg ended. */
export interface FfmpegOutcome {
  readonly succeeded: boolean;
  /** The last thing that it complained of; where it failed, at least how. */
  readonly complaint: string | undefined;
}

const running = new Set<ChildProcess>();
// A process that ends in the middle of a clip must not leave its decoder behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Waits for a run of ffmpeg, whose standard error stream is a pipe; it is killed where this process ends before. */
export function ffmpegOutcome(child: ChildProcess): Promise<FfmpegOutcome> {
  running.add(child);
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-KEPT_COMPLAINT);
  });
  return new Promise<FfmpegOutcome>((resolve) => {
    child.once('error', (error) => resolve({ succeeded: false, complaint: error.message }));
    child.once('close', (code, signalName) => {
      const lastLine = text.trim().split('\n').at(-1) || undefined;
      const ending = `ended with ${signalName ?? `exit code ${code}`}`;
      resolve({ succeeded: code === 0, complaint: code === 0 ? lastLine : (lastLine ?? ending) });
    });
  }).finally(() => running.delete(child));
}
