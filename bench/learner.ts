import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { packageRoot } from '../src/package_root.js';
import { NO_PYTORCH, pyTorchPython } from '../test/support/pytorch.js';
import type { LearnerWork, Measurement } from './learner_work.js';
import { median } from './median.js';
import { runProgram } from './run_program.js';

// npm run bench:learner -- [--rounds N] [--seconds S] [--threads N] [--only WORK ...] [--json]: the learner beside
// PyTorch. Each work is done by processes of either in turn, so that what else the machine does falls on both.

const CK_PLUS = { blockSize: 5, frames: 5, points: 303, classes: 7, dropoutRate: 0.2 } as const;
const SIX_LAYERS = { ...CK_PLUS, topology: [15, 10, 15, 5, 5, 10], samples: 1, repeats: 100 } as const;
const ONE_LAYER = { ...SIX_LAYERS, topology: [1] } as const;
const TWO_SMALL_LAYERS = { ...SIX_LAYERS, topology: [3, 3], frames: 4, points: 51 } as const;
const LONG = { ...SIX_LAYERS, frames: 150, points: 312 } as const;

type Setting = Omit<LearnerWork, 'threads' | 'seconds'>;

const WORKS: Record<string, Setting> = {
  train_step_6_layers: { ...SIX_LAYERS, kind: 'training_step', samples: 64 },
  monte_carlo_100: { ...SIX_LAYERS, kind: 'monte_carlo' },
  one_pass: { ...SIX_LAYERS, kind: 'pass' },
  one_pass_150_frames: { ...LONG, kind: 'pass' },
  train_step_1_layer: { ...ONE_LAYER, kind: 'training_step', samples: 64 },
  monte_carlo_100_1_layer: { ...ONE_LAYER, kind: 'monte_carlo' },
  one_pass_1_layer: { ...ONE_LAYER, kind: 'pass' },
  train_step_2_layers_51_points: { ...TWO_SMALL_LAYERS, kind: 'training_step', samples: 64 },
  monte_carlo_100_2_layers_51_points: { ...TWO_SMALL_LAYERS, kind: 'monte_carlo' },
};

/** Works whose memory is compared, too. */
const MEMORY_OF = ['train_step_6_layers', 'monte_carlo_100', 'one_pass_150_frames'];

interface Comparison {
  /** Medians over all rounds. */
  readonly ours: number;
  readonly pyTorch: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      threads: { type: 'string', default: String(availableParallelism()) },
      only: { type: 'string', multiple: true, default: Object.keys(WORKS) },
      json: { type: 'boolean', default: false },
    },
  });
  const [rounds, seconds, threads] = [values.rounds, values.seconds, values.threads].map(Number);
  if (!(Number.isInteger(rounds) && rounds! > 0)) throw new Error(`--rounds is "${values.rounds}", expected 1 or more`);
  if (!(seconds! >= 0)) throw new Error(`--seconds is "${values.seconds}", expected 0 or more`);
  if (!(Number.isInteger(threads) && threads! > 0))
    throw new Error(`--threads is "${values.threads}", expected 1 or more`);
  for (const name of values.only) {
    if (!Object.hasOwn(WORKS, name))
      throw new Error(`--only is "${name}", expected one of ${Object.keys(WORKS).join(', ')}`);
  }
  const python = pyTorchPython();
  if (python === null) throw new Error(NO_PYTORCH);

  const times = new Map<string, Comparison>();
  const peaks = new Map<string, Comparison>();
  for (const name of values.only) {
    console.error(`${name} ...`);
    const work = { ...WORKS[name]!, threads: threads!, seconds: seconds! };
    const { ours, pyTorch } = await inTurn(work, python, rounds!);
    times.set(name, { ours: medianTime(ours), pyTorch: medianTime(pyTorch) });
    if (MEMORY_OF.includes(name)) {
      peaks.set(`peak_memory_${name}`, { ours: medianPeak(ours), pyTorch: medianPeak(pyTorch) });
    }
  }
  if (values.json) console.log(JSON.stringify({ ...asRecord(times, 'ms'), ...asRecord(peaks, 'mb') }));
  else console.log(inWords(times, peaks, threads!));
}

async function inTurn(
  work: LearnerWork,
  python: string,
  rounds: number,
): Promise<{ ours: Measurement[]; pyTorch: Measurement[] }> {
  const measured = { ours: [] as Measurement[], pyTorch: [] as Measurement[] };
  const script = (...path: string[]) => join(packageRoot(), ...path);
  for (let round = 0; round < rounds; round++) {
    measured.ours.push(await run(process.execPath, script('build', 'ts', 'bench', 'learner_work.js'), work));
    measured.pyTorch.push(await run(python, script('bench', 'pytorch_learner.py'), work));
  }
  return measured;
}

async function run(program: string, script: string, work: LearnerWork): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(program, [script, JSON.stringify(work)], { encoding: 'utf8' });
  return JSON.parse(stdout) as Measurement;
}

function medianTime(measurements: readonly Measurement[]): number {
  return median(measurements.flatMap(({ milliseconds }) => milliseconds));
}

function medianPeak(measurements: readonly Measurement[]): number {
  return median(measurements.map(({ peakMegabytes }) => peakMegabytes));
}

function asRecord(comparisons: ReadonlyMap<string, Comparison>, unit: 'ms' | 'mb'): Record<string, object> {
  return Object.fromEntries(
    [...comparisons].map(([name, { ours, pyTorch }]) => [
      name,
      {
        [`ours_${unit}`]: rounded(ours),
        [`pytorch_${unit}`]: rounded(pyTorch),
        ratio: Math.round((1000 * ours) / pyTorch) / 1000,
      },
    ]),
  );
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}

function inWords(
  times: ReadonlyMap<string, Comparison>,
  peaks: ReadonlyMap<string, Comparison>,
  threads: number,
): string {
  const lines = [`${''.padEnd(36)}${'ours'.padStart(12)}${'PyTorch'.padStart(12)}${'ratio'.padStart(8)}`];
  for (const [unit, comparisons] of [
    ['ms', times],
    ['MB', peaks],
  ] as const) {
    for (const [name, { ours, pyTorch }] of comparisons) {
      const cells = [ours, pyTorch].map((value) => `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`.padStart(12));
      lines.push(`${name.padEnd(36)}${cells.join('')}${(ours / pyTorch).toFixed(2).padStart(8)}`);
    }
  }
  return [...lines, `medians, on ${threads} threads each`].join('\n');
}

await runProgram(main);
