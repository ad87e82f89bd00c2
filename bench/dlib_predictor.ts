/**
 * How long a face takes with dlib's 68-point model: here, and in dlib's own predictor beside it, which answer in turns.
 *
 * Usage: npm run bench:dlib -- [--json] [--rounds N]
 *
 * Needs the model's file (Debian's libdlib-data, or FER_SHAPE_PREDICTOR), a Python that has dlib (FER_DLIB_PYTHON) and the
 * shared stills.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '../src/errors.js';
import { packageRoot } from '../src/package_root.js';
import { type DlibBox, landmarksInBoxes } from '../src/perception/dlib/landmarks_in_boxes.js';
import { readShapePredictor } from '../src/perception/dlib/shape_predictor_file.js';
import type { GreyImage } from '../src/perception/image/grey_image.js';
import { dlibMissing, dlibPython, shapePredictorFile } from '../test/support/dlib.js';
import { readFaces } from '../test/support/face_inputs.js';
import { median } from './median.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';

/** Boxes of an image: faces' places, as a tracker has them. */
const BOXES = 40;
/** Times that the two take turns; each starts anew, so that neither always has the quieter machine. */
const TURNS = 3;
/** Rounds of each turn before those that count. */
const WARM_UP = 3;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '15' } } });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 1000)) {
    throw new InvalidInputError('--rounds', values.rounds, 'a whole number from 1 to 1000', 'the command line');
  }
  if (dlibMissing !== false) throw new Error(dlibMissing);
  const { image: rgb } = readFaces()[0]!;
  const image: GreyImage = { ...rgb, data: rgb.data.filter((_, index) => index % 3 === 1) };
  const boxes = boxesOf(image);
  const start = performance.now();
  const predictor = await readShapePredictor(shapePredictorFile!);
  const load = performance.now() - start;
  const own: number[] = [];
  const dlib: number[] = [];
  let differing = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const theirs = timeDlib(image, boxes, rounds + WARM_UP);
    dlib.push(...theirs.times.slice(WARM_UP));
    for (let round = 0; round < rounds + WARM_UP; round++) {
      const before = performance.now();
      const found = landmarksInBoxes(predictor, image, boxes);
      if (round >= WARM_UP) own.push((performance.now() - before) / boxes.length);
      differing = found.flatMap((points, at) => Array.from(points, (value, index) => Math.round(value) !== theirs.points[at]![index])).filter(Boolean).length; // biome-ignore format: short
    }
  }
  const result = {
    faces: boxes.length,
    load_ms: rounded(load),
    ms_per_face: rounded(median(own)),
    dlib_ms_per_face: rounded(median(dlib)),
    ratio: rounded(median(own) / median(dlib)),
    coordinates: boxes.length * 136,
    coordinates_that_differ: differing,
  };
  const rows = Object.entries(result).map(([key, value]) => [key, String(value)]);
  console.log(values.json ? JSON.stringify(result) : textTable(rows));
}

/** Boxes about the middle of an image, each a little elsewhere and of another size. */
function boxesOf({ width, height }: GreyImage): DlibBox[] {
  return Array.from({ length: BOXES }, (_, index) => {
    const side = Math.round(Math.min(width, height) * (0.4 + 0.01 * index));
    const left = Math.round((width - side) / 2) + (index % 7) - 3;
    const top = Math.round((height - side) / 2) + (index % 5) - 2;
    return { left, top, right: left + side, bottom: top + side };
  });
}

function timeDlib({ data, width, height }: GreyImage, boxes: readonly DlibBox[], rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'bench_dlib_'));
  try {
    const file = join(folder, 'image.raw');
    writeFileSync(file, data);
    const list = JSON.stringify(boxes.map(({ left, top, right, bottom }) => [left, top, right, bottom]));
    const script = join(packageRoot(), 'bench', 'dlib_predictor.py');
    const args = [script, shapePredictorFile!, file, String(width), String(height), list, String(rounds)];
    const answer = execFileSync(dlibPython!, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    return JSON.parse(answer) as { times: number[]; points: number[][] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

await runProgram(main);
