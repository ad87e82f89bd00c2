import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { FaceApiLandmarkExtractor } from '../../../src/perception/landmarks/face_api_landmark_extractor.js';
import { cropAround, type Landmarks68 } from '../../../src/perception/landmarks/landmarks68.js';
import { clipsMissing, readFrames, sharedData } from '../../support/clips.js';

/** The mean distance of two sets of landmarks over the distance of the second's outer eye corners. */
function normalizedError(found: Landmarks68, truth: Landmarks68): number {
  let sum = 0;
  for (let point = 0; point < 68; point++) {
    sum += Math.hypot(found[2 * point]! - truth[2 * point]!, found[2 * point + 1]! - truth[2 * point + 1]!);
  }
  return sum / 68 / Math.hypot(truth[72]! - truth[90]!, truth[73]! - truth[91]!);
}

it('finds the points of other people’s faces, from a rough crop and again from its own', {
  skip: clipsMissing,
}, async () => {
  const folder = join(sharedData, 'landmark_ground_truth', 'ytf68');
  const lines = readFileSync(join(folder, 'landmarks.csv'), 'utf8').trim().split('\n').slice(1);
  const extractor = await FaceApiLandmarkExtractor.load();
  const errors: number[][] = [[], []];
  for (const line of lines.filter((_, index) => index % 9 === 0)) {
    const [name, ...numbers] = line.split(',');
    const truth = Float32Array.from(numbers.map(Number));
    const [image] = readFrames(join(folder, name!), 1);
    const rough = cropAround(truth);
    // As far off as a detector's box is.
    const shift = 0.06 * rough.side;
    let landmarks = await extractor.extract(image!, { ...rough, centerX: rough.centerX + shift, roll: 0 });
    errors[0]!.push(normalizedError(landmarks, truth));
    for (let again = 0; again < 3; again++) landmarks = await extractor.extract(image!, cropAround(landmarks));
    errors[1]!.push(normalizedError(landmarks, truth));
  }
  const [first, settled] = errors.map((list) => list.reduce((sum, error) => sum + error, 0) / list.length);
  assert.ok(first! < 0.085, `from a rough crop the mean error is ${first}`);
  assert.ok(settled! < 0.07, `from its own crop the mean error is ${settled}`);
});
