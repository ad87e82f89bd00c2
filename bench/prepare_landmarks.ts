/**
 * How long `pstbln prepare landmarks` takes for the frames of clips, decoding and start included, beside dlib's own detector
 * and predictor on the same files.
 *
 * Usage: npm run bench:prepare -- [--json] [--clips FOLDER] [--frames N] [--turns N]
 *
 * --frames: of each clip at most; --turns: of each, one after the other, of which the middle one counts. Needs dlib's model
 * (Debian's libdlib-data, or FER_SHAPE_PREDICTOR) and a Python that has dlib (FER_DLIB_PYTHON).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '../src/errors.js';
import { packageRoot } from '../src/package_root.js';
import { sharedData } from '../test/support/clips.js';
import { dlibMissing, dlibPython, shapePredictorFile } from '../test/support/dlib.js';
import { pstblnFile } from '../test/support/pstbln_command.js';
import { median } from './median.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';

/** What is timed: a command that finds the landmarks of all frames, and says in how many of them a face is. */
interface Contestant {
  readonly name: string;
  readonly run: (frames: string, output: string) => number;
}

const CORES = availableParallelism();
/** Whose time the others' are compared with. */
const BASE = 'dlib, all cores';

const CONTESTANTS: readonly Contestant[] = [
  { name: 'dlib, one process', run: (frames) => runDlib(frames, 1, 1) },
  { name: BASE, run: (frames) => runDlib(frames, 1, CORES) },
  { name: 'dlib, all cores, not enlarged', run: (frames) => runDlib(frames, 0, CORES) },
  ...['dlib', 'face_mesh', 'face_mesh_attention'].map((extractor) => ({
    name: `prepare landmarks, ${extractor}`,
    run: (frames: string, output: string) => runPrepare(frames, output, extractor),
  })),
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      clips: { type: 'string', default: join(sharedData, 'video') },
      frames: { type: 'string', default: '100' },
      turns: { type: 'string', default: '3' },
    },
  });
  const most = wholeNumber('--frames', values.frames);
  const turns = wholeNumber('--turns', values.turns);
  if (dlibMissing !== false) throw new Error(dlibMissing);
  const folder = mkdtempSync(join(tmpdir(), 'bench_prepare_'));
  try {
    const frames = join(folder, 'frames');
    const count = extractFrames(values.clips, frames, most);
    const seconds = CONTESTANTS.map((): number[] => []);
    const found = CONTESTANTS.map(() => 0);
    for (let turn = 0; turn < turns; turn++) {
      for (const [index, { run }] of CONTESTANTS.entries()) {
        const start = performance.now();
        found[index] = run(frames, join(folder, 'landmarks'));
        seconds[index]!.push((performance.now() - start) / 1000);
        rmSync(join(folder, 'landmarks'), { recursive: true, force: true });
      }
    }
    const middle = seconds.map(median);
    const base = middle[CONTESTANTS.findIndex(({ name }) => name === BASE)]!;
    const results = CONTESTANTS.map(({ name }, index) => ({
      name,
      seconds: rounded(middle[index]!),
      fastest_seconds: rounded(Math.min(...seconds[index]!)),
      ms_per_frame: rounded((1000 * middle[index]!) / count),
      times_as_fast: rounded(base / middle[index]!),
      faces: found[index]!,
    }));
    const rows = results.map((result) => Object.values(result).map(String));
    const table = textTable([Object.keys(results[0]!), ...rows]);
    console.log(
      values.json
        ? JSON.stringify({ frames: count, cores: CORES, turns, base: BASE, results })
        : `${count} frames, ${CORES} cores\n${table}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidInputError(name, text, 'a whole number from 1 on', 'the command line');
}

/** @returns how many frames there are */
function extractFrames(clips: string, frames: string, most: number): number {
  execFileSync(
    process.execPath,
    [pstblnFile, 'prepare', 'frames', '--video-folder', clips, '--frames-folder', frames],
    {
      stdio: 'ignore',
    },
  );
  const names = readdirSync(frames, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpg'));
  const isLate = (name: string) => Number(/(\d+)\.jpg$/.exec(name)![1]) > most;
  for (const name of names.filter(isLate)) rmSync(join(frames, name));
  return names.filter((name) => !isLate(name)).length;
}

function runDlib(frames: string, upsample: number, processes: number): number {
  const script = join(packageRoot(), 'bench', 'dlib_landmarks.py');
  const args = [script, shapePredictorFile!, frames, String(upsample), String(processes)];
  return JSON.parse(execFileSync(dlibPython!, args, { encoding: 'utf8' })).found;
}

function runPrepare(frames: string, output: string, extractor: string): number {
  const folders = ['--frames-folder', frames, '--landmark-folder', output];
  const args = [pstblnFile, 'prepare', 'landmarks', ...folders, '--extractor', extractor, '--json'];
  const told = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return told.frames - told.without_a_face;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

await runProgram(main);
