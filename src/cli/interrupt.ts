import { duration } from '../progress.js';

/** Exit code of a command that Ctrl-C ended, as shells have it. */
export const INTERRUPTED = 130;

/**
 * Runs work that Ctrl-C (or a request to end) stops in good order: the first asks it to stop and leave what it has, a
 * second one ends at once.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('\nstopping after the step in hand (once more: at once)\n');
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const started = performance.now();
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted || error !== controller.signal.reason) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  if (controller.signal.aborted) {
    process.stderr.write(`interrupted after ${duration((performance.now() - started) / 1000)}\n`);
    process.exitCode = INTERRUPTED;
  }
}
