import type { Worker } from 'node:worker_threads';

/**
 * Waits until a worker thread that was told to end has ended: native code that is cut off in the middle takes the whole process with it.
 *
 * @param exit settles when the thread has ended
 * @param longestMilliseconds after which it is ended by force
 */
export async function endThread(worker: Worker, exit: Promise<void>, longestMilliseconds: number): Promise<void> {
  const force = setTimeout(() => worker.terminate(), longestMilliseconds);
  await exit;
  clearTimeout(force);
}
