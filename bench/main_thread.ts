import { existsSync, readFileSync } from 'node:fs';

// How long the main thread of a node that a benchmark starts is held up, as main_thread_probe.ts tells it.

/** The environment variable that names the file of the probe. */
export const PROBE_FILE = 'FER_MAIN_THREAD_PROBE';

/** A time without a turn of the event loop. */
export interface HoldUp {
  /** Its end, in milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  /** The part of it in which the thread was ready but other threads had all cores. */
  readonly waitedMilliseconds: number;
}

/** What the probe writes as a line of JSON. */
export interface ProbedSecond {
  readonly turns: number;
  /** Those of more than a millisecond. */
  readonly holdUps: readonly HoldUp[];
}

/** How long the main thread was held up, in milliseconds: 99 % of the turns of its event loop, and the longest. */
export interface BlockFigures {
  readonly p99: number;
  readonly max: number;
}

/** The environment of a node's process that is to be probed. */
export function probedEnvironment(file: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: options = '' } = process.env;
  const probe = new URL('./main_thread_probe.js', import.meta.url);
  return { [PROBE_FILE]: file, NODE_OPTIONS: `${options} --import=${probe}`.trim() };
}

/** What a probe has told so far. */
export function probedSeconds(file: string): ProbedSecond[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** For how long the thread itself was at work or waited for a file; when it only waited for a core is not counted. */
export function blockedMilliseconds({ milliseconds, waitedMilliseconds }: HoldUp): number {
  return milliseconds - waitedMilliseconds;
}

/** The figures of some seconds; `of` says what of a hold-up counts. */
export function blockFigures(seconds: readonly ProbedSecond[], of: (holdUp: HoldUp) => number): BlockFigures {
  const turns = seconds.reduce((sum, second) => sum + second.turns, 0);
  const told = seconds.flatMap(({ holdUps }) => holdUps.map(of)).sort((a, b) => b - a);
  // Those that are not told are shorter than any that is.
  const p99 = told[Math.floor(turns / 100)] ?? 0;
  return { p99, max: told[0] ?? 0 };
}
