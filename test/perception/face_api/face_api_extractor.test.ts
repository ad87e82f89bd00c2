import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FaceApiExtractor } from '../../../src/perception/face_api/face_api_extractor.js';
import { cropAround } from '../../../src/perception/face_api/landmark_crop.js';
import type { Landmarks68 } from '../../../src/perception/landmarks/landmarks68.js';
import { blankImage, clipFiles, clipsMissing, readFrames, sharedData } from '../../support/clips.js';

/** The mean distance of two sets of landmarks over the distance of the second's outer eye corners. */
function normalizedError(found: Landmarks68, truth: Landmarks68): number {
  let sum = 0;
  for (let point = 0; point < 68; point++) {
    sum += Math.hypot(found[2 * point]! - truth[2 * point]!, found[2 * point + 1]! - truth[2 * point + 1]!);
  }
  return sum / 68 / Math.hypot(truth[72]! - truth[90]!, truth[73]! - truth[91]!);
}

describe('FaceApiExtractor', { skip: clipsMissing }, () => {
  it('finds the points of other people’s faces, from a rough crop and again from its own', async () => {
    const folder = join(sharedData, 'landmark_ground_truth', 'ytf68');
    const lines = readFileSync(join(folder, 'landmarks.csv'), 'utf8').trim().split('\n').slice(1);
    const extractor = await FaceApiExtractor.load();
    const errors: number[][] = [[], []];
    for (const line of lines.filter((_, index) => index % 9 === 0)) {
      const [name, ...numbers] = line.split(',');
      const truth = Float32Array.from(numbers.map(Number));
      const [image] = readFrames(join(folder, name!), 1);
      const rough = cropAround(truth);
      // As far off as a detector's box is.
      const shift = 0.06 * rough.side;
      let [face] = await extractor.extract(image!, [{ ...rough, centerX: rough.centerX + shift, roll: 0 }]);
      errors[0]!.push(normalizedError(face!.landmarks, truth));
      for (let again = 0; again < 3; again++) [face] = await extractor.extract(image!, [face!.square]);
      errors[1]!.push(normalizedError(face!.landmarks, truth));
    }
    const [first, settled] = errors.map((list) => list.reduce((sum, error) => sum + error, 0) / list.length);
    assert.ok(first! < 0.07, `from a rough crop the mean error is ${first}`);
    assert.ok(settled! < 0.07, `from its own crop the mean error is ${settled}`);
  });

  it('verifies a face that it knows every third image, and any other place at once', async () => {
    const extractor = await FaceApiExtractor.load();
    const [image] = readFrames(clipFiles('asl', '.mkv')[0]!, 1);
    const [detection] = await extractor.detect(image!);
    const [face] = await extractor.extract(image!, [detection!.square]);
    assert.ok(face!.score >= extractor.scoreRules.likely);
    const blank = blankImage(image!.width, image!.height, 128);
    const [elsewhere] = await extractor.extract(blank, [{ ...face!.square }]);
    assert.ok(elsewhere!.score < extractor.scoreRules.keep);
    const scores: number[] = [];
    for (let square = face!.square; scores.length < 4; ) {
      const [next] = await extractor.extract(image!, [square]);
      scores.push(next!.score);
      square = next!.square;
    }
    assert.deepEqual(scores.slice(0, 2), [face!.score, face!.score]);
    assert.notEqual(scores[2], face!.score);
    assert.equal(scores[3], scores[2]);
  });
});
