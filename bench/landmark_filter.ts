/**
 * What the One Euro filter gains in steadiness and costs in time, on a real clip of one face.
 *
 * Usage: npm run bench:landmark-filter -- [--json] [--clip FILE --rate HERTZ] [--extractor NAME]
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '../src/errors.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../src/perception/landmarks/landmark_extractor_name.js';
import { type Landmarks68, landmarkBox } from '../src/perception/landmarks/landmarks68.js';
import { OneEuroFilter, type OneEuroFilterOptions } from '../src/perception/landmarks/one_euro_filter.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { Perception } from '../src/perception/perception.js';
import { readFrames } from '../test/support/clips.js';
import { demoClipFiles } from './demo_frames.js';
import { runProgram } from './run_program.js';
import { type Steadiness, steadinessOf } from './steadiness.js';
import { textTable } from './text_table.js';

/** The clip of the demo in which one speaks and pulls faces, and its images a second. */
const CLIP = 'franck.mp4';
const CLIP_RATE = '24';
const SETTINGS: readonly (OneEuroFilterOptions | null)[] = [
  null,
  {},
  { minCutoff: 0.5 },
  { minCutoff: 2 },
  { minCutoff: 4 },
  { beta: 3 },
  { beta: 30 },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      clip: { type: 'string' },
      rate: { type: 'string', default: CLIP_RATE },
      extractor: { type: 'string', default: DEFAULT_LANDMARK_EXTRACTOR },
    },
  });
  const rate = Number(values.rate);
  if (!(rate > 0)) throw new InvalidInputError('--rate', values.rate, 'a number above 0', 'the command line');
  const clip = values.clip ?? (await demoClipFiles()).find((path) => basename(path) === CLIP)!;
  const shapes = await shapesOf(clip, rate, values.extractor);
  const result = SETTINGS.map((options) => ({
    filter: options === null ? 'none' : nameOf(options),
    ...steadinessOf(shapes, options === null ? shapes : filtered(shapes, options, rate), rate),
  }));
  console.log(values.json ? JSON.stringify(result) : inWords(result));
}

/** The landmarks of a clip's face, image by image; where it is not seen, those of the image before. */
async function shapesOf(clip: string, rate: number, extractorName: string): Promise<Landmarks68[]> {
  const extractor = await loadLandmarkExtractor(extractorName);
  try {
    const perception = new Perception(extractor, { maxFaces: 1 });
    const shapes: Landmarks68[] = [];
    for (const [index, frame] of readFrames(clip).entries()) {
      const [face] = await perception.process(frame, index / rate);
      const shape = face?.landmarks ?? shapes.at(-1);
      if (shape) shapes.push(shape);
    }
    return shapes;
  } finally {
    await extractor.release();
  }
}

function filtered(shapes: readonly Landmarks68[], options: OneEuroFilterOptions, rate: number): Landmarks68[] {
  const filter = new OneEuroFilter(2, options);
  return shapes.map((shape, index) => {
    const { width, height } = landmarkBox(shape);
    return filter.filter(shape, index / rate, Math.max(width, height));
  });
}

function nameOf(options: OneEuroFilterOptions): string {
  const { minCutoff = 'default', beta = 'default' } = options;
  return `minCutoff ${minCutoff}, beta ${beta}`;
}

function inWords(result: readonly (Steadiness & { readonly filter: string })[]): string {
  const head = ['filter', 'jitter %', 'openings', 'delay ms', 'height'];
  const rows = result.map(({ filter, jitter_percent, openings, delay_ms, height }) => [
    filter,
    jitter_percent.toFixed(3),
    String(openings),
    delay_ms === null ? 'none' : delay_ms.toFixed(0),
    height === null ? 'none' : height.toFixed(2),
  ]);
  return textTable([head, ...rows]);
}

await runProgram(main);
