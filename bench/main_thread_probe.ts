import { appendFileSync, openSync, readSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { PROBE_FILE, type ProbedSecond } from './main_thread.js';

// Loaded into a node's process before the node itself (node --import): tells once a second in the file that the environment
// names how long its main thread was held up between turns of the event loop.

/** A hold-up is measured short by up to this; more often would cost a noticeable part of a core. */
const PERIOD_MILLISECONDS = 2;
/** Hold-ups from this on are told one by one. */
const TOLD_MILLISECONDS = 1;

const file = process.env[PROBE_FILE];
if (isMainThread && file) watch(file);

function watch(file: string): void {
  const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const text = Buffer.alloc(64);
  /** Milliseconds that this thread, ready to run, has waited for a core so far. */
  const waitedForCore = () => {
    const length = readSync(schedstat, text, 0, text.length, 0);
    return Number(text.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  };
  let last = performance.now();
  let waited = waitedForCore();
  let second: { turns: number; holdUps: ProbedSecond['holdUps'][number][] } = { turns: 0, holdUps: [] };
  const turn = setInterval(() => {
    const now = performance.now();
    const waitedNow = waitedForCore();
    const held = now - last - PERIOD_MILLISECONDS;
    second.turns++;
    if (held > TOLD_MILLISECONDS) {
      const waitedMilliseconds = Math.min(held, waitedNow - waited);
      second.holdUps.push({ at: performance.timeOrigin + now, milliseconds: held, waitedMilliseconds });
    }
    last = now;
    waited = waitedNow;
  }, PERIOD_MILLISECONDS);
  const tell = setInterval(() => {
    appendFileSync(file, `${JSON.stringify(second)}\n`);
    second = { turns: 0, holdUps: [] };
  }, 1000);
  turn.unref();
  tell.unref();
}
