/**
 * How long each landmark extractor takes from decoded 640x480 frames to 68 points.
 *
 * Usage: npm run bench:landmarks -- [--json] [--only TEXT] [--frames N]
 */
import { parseArgs } from 'node:util';
import { InvalidInputError } from '../src/errors.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { Perception } from '../src/perception/perception.js';
import { chosenExtractors } from './chosen_extractors.js';
import { fourFaceFrames, oneFaceFrames } from './demo_frames.js';
import { type LandmarkTiming, timeExtractor } from './landmark_timing.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';

const COLUMNS: Readonly<Record<keyof LandmarkTiming, string>> = {
  ms_per_frame: 'one face, mean',
  median_ms_per_frame: 'one face, median',
  detector_ms: 'detector',
  landmarks_ms: 'landmarks',
  ms_per_frame_four_faces: 'four faces, mean',
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      only: { type: 'string', default: '' },
      frames: { type: 'string', default: '150' },
    },
  });
  const frames = Number(values.frames);
  if (!(Number.isInteger(frames) && frames >= 40 && frames <= 300)) {
    throw new InvalidInputError('--frames', values.frames, 'a whole number from 40 to 300', 'the command line');
  }
  const names = chosenExtractors(values.only);
  const oneFace = await oneFaceFrames(frames);
  const fourFaces = await fourFaceFrames(frames);
  const result: Record<string, LandmarkTiming> = {};
  for (const name of names) {
    const extractor = await loadLandmarkExtractor(name);
    try {
      result[name] = rounded(await timeExtractor(extractor, () => new Perception(extractor), oneFace, fourFaces));
    } finally {
      await extractor.release();
    }
  }
  console.log(values.json ? JSON.stringify(result) : inWords(result));
}

function rounded(timing: LandmarkTiming): LandmarkTiming {
  const entries = Object.entries(timing).map(([key, value]) => [key, Math.round(value * 100) / 100]);
  return Object.fromEntries(entries) as unknown as LandmarkTiming;
}

function inWords(result: Readonly<Record<string, LandmarkTiming>>): string {
  const head = ['ms, 640x480', ...Object.values(COLUMNS)];
  const rows = Object.entries(result).map(([name, timing]) => [
    name,
    ...(Object.keys(COLUMNS) as (keyof LandmarkTiming)[]).map((key) => timing[key].toFixed(2)),
  ]);
  return textTable([head, ...rows]);
}

await runProgram(main);
