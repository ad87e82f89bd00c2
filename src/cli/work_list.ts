import { setImmediate } from 'node:timers/promises';
import { ExpectedError, errorMessage } from '../errors.js';
import { Progress } from '../progress.js';

/** Something that did not go as it should, by what it is about. */
export interface WorkNote {
  readonly item: string;
  readonly reason: string;
}

/** What became of a list of work. */
export interface WorkResult {
  done: number;
  /** Done before. */
  skipped: number;
  /** Done, but not without a loss. */
  readonly warnings: WorkNote[];
  readonly failed: WorkNote[];
}

/** What became of one item. */
export type ItemOutcome = 'done' | 'skipped' | { readonly warnings: readonly string[] };

/** How a list is worked through. */
export interface WorkOptions<Item> {
  /** Of the progress bar. */
  readonly label: string;
  /** Items that are worked on at a time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly nameOf: (item: Item) => string;
  /** How much of the bar an item is, a whole number; 1 by default. */
  readonly sizeOf?: (item: Item) => number;
  /**
   * @param worker 0 .. jobs - 1: which of those that work at a time
   * @param onShare told how far an item that takes long has got, 0 to 1
   */
  readonly work: (item: Item, worker: number, onShare: (share: number) => void) => Promise<ItemOutcome>;
}

/**
 * Works through a list, several items at a time. What goes wrong with one is noted, and does not stop the others.
 *
 * @throws the signal's reason; what is a fault of ours
 */
export async function workThrough<Item>(
  items: readonly Item[],
  { label, jobs, signal, nameOf, sizeOf = () => 1, work }: WorkOptions<Item>,
): Promise<WorkResult> {
  const result: WorkResult = { done: 0, skipped: 0, warnings: [], failed: [] };
  const progress = new Progress(label);
  const total = items.reduce((sum, item) => sum + sizeOf(item), 0);
  let next = 0;
  let finished = 0;
  let broken = false;
  const shares = Array.from({ length: jobs }, () => 0);
  const show = () => {
    const done = finished + shares.reduce((a, b) => a + b, 0);
    const failures = result.failed.length > 0 ? `${result.failed.length} failed` : '';
    progress.update(done, total, failures);
  };
  const worker = async (index: number) => {
    while (next < items.length && !broken) {
      const item = items[next++]!;
      // Work that waits for nothing would keep Ctrl-C from being heard.
      await setImmediate();
      signal.throwIfAborted();
      try {
        const outcome = await work(item, index, (share) => {
          // The last step of an item is told once it is done.
          shares[index] = Math.min(share, 0.99) * sizeOf(item);
          show();
        });
        if (outcome === 'skipped') result.skipped++;
        else {
          result.done++;
          if (outcome !== 'done') {
            result.warnings.push(...outcome.warnings.map((reason) => ({ item: nameOf(item), reason })));
          }
        }
      } catch (error) {
        if (signal.aborted || !isExpected(error)) {
          broken = true;
          throw error;
        }
        result.failed.push({ item: nameOf(item), reason: errorMessage(error) });
      }
      finished += sizeOf(item);
      shares[index] = 0;
      show();
    }
  };
  try {
    const ended = await Promise.allSettled(Array.from({ length: Math.min(jobs, items.length) }, (_, i) => worker(i)));
    const failure = ended.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  } finally {
    progress.end();
  }
  return result;
}

function isExpected(error: unknown): boolean {
  return error instanceof ExpectedError || (error instanceof Error && 'syscall' in error);
}

/** Notes that are printed one by one at most; the JSON has them all. */
const MOST_NOTES = 20;

/**
 * Says what became of the work, and sets the exit code to 1 where something failed.
 *
 * @param what the items, such as 'clips'
 * @param more what else there is to say, by key
 */
export function reportWork(
  result: WorkResult,
  what: string,
  { json = false, more = {} }: { json?: boolean | undefined; more?: Record<string, unknown> } = {},
): void {
  const { done, skipped, warnings, failed } = result;
  if (failed.length > 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ done, skipped, failed, warnings, ...more }));
    return;
  }
  for (const [kind, notes] of [
    ['warning', warnings],
    ['failed', failed],
  ] as const) {
    for (const { item, reason } of notes.slice(0, MOST_NOTES)) console.error(`${kind}: ${item}: ${reason}`);
    if (notes.length > MOST_NOTES) console.error(`${kind}: ${notes.length - MOST_NOTES} more (--json lists them all)`);
  }
  const texts = Object.entries(more).flatMap(([key, value]) =>
    typeof value === 'number' || typeof value === 'string' ? [`${key.replaceAll('_', ' ')} ${value}`] : [],
  );
  const counts = `${done} ${what} done, ${skipped} done before, ${failed.length} failed`;
  console.log([counts, ...texts].join('; '));
}
