/**
 * How near each landmark extractor's points of stills come to known ones.
 *
 * Usage: npm run bench:landmark-error -- [--json] [--ground-truth FOLDER] [--only TEXT]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readImageFile } from '../src/camera/image_file.js';
import type { LandmarkExtractor } from '../src/perception/landmarks/landmark_extractor.js';
import { type Landmarks68, landmarkBox } from '../src/perception/landmarks/landmarks68.js';
import { facesOfStill } from '../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../src/perception/load_landmark_extractor.js';
import { sharedData } from '../test/support/clips.js';
import { chosenExtractors } from './chosen_extractors.js';
import { type GroundTruth, readGroundTruth } from './ground_truth.js';
import { type ErrorReport, type Placement, reportErrors } from './landmark_accuracy.js';
import { runProgram } from './run_program.js';
import { textTable } from './text_table.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      'ground-truth': { type: 'string', default: join(sharedData, 'landmark_ground_truth', 'ytf68') },
      only: { type: 'string', default: '' },
    },
  });
  const truths = readGroundTruth(values['ground-truth']);
  const result: Record<string, ErrorReport> = {};
  for (const name of chosenExtractors(values.only)) {
    const extractor = await loadLandmarkExtractor(name);
    try {
      result[name] = reportErrors(await placementsOf(extractor, truths));
    } finally {
      await extractor.release();
    }
  }
  console.log(values.json ? JSON.stringify(result) : inWords(result));
}

/** What an extractor makes of each image; the first is looked at once before, for engines to warm up. */
async function placementsOf(extractor: LandmarkExtractor, truths: readonly GroundTruth[]): Promise<Placement[]> {
  const placements: Placement[] = [];
  for (const { file, landmarks: truth } of truths) {
    const image = await readImageFile(file, '--ground-truth');
    if (placements.length === 0) await facesOfStill(image, extractor);
    const start = performance.now();
    const faces = await facesOfStill(image, extractor);
    const milliseconds = performance.now() - start;
    // Where several people are in the image, the surest face may be another's.
    const found = faces.find(({ landmarks }) => isWithin(landmarks, truth))?.landmarks ?? null;
    placements.push({ file, truth, found, milliseconds });
  }
  return placements;
}

/** Whether the tip of a face's nose is within the box around the true landmarks. */
function isWithin(landmarks: Landmarks68, truth: Landmarks68): boolean {
  const { x, y, width, height } = landmarkBox(truth);
  const [tipX, tipY] = [landmarks[60]!, landmarks[61]!];
  return tipX > x && tipX < x + width && tipY > y && tipY < y + height;
}

function inWords(result: Readonly<Record<string, ErrorReport>>): string {
  const keys = Object.keys(Object.values(result)[0]!) as (keyof ErrorReport)[];
  const rows = Object.entries(result).map(([name, report]) => [name, ...keys.map((key) => String(report[key]))]);
  return textTable([['', ...keys], ...rows]);
}

await runProgram(main);
