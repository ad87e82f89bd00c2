import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { LandmarkExtractor } from '../../src/perception/landmarks/landmark_extractor.js';
import { eyeDistance, type Landmarks68 } from '../../src/perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../../src/perception/load_landmark_extractor.js';
import { meanLandmarksOfStill } from '../../src/perception/looks_at_still.js';
import { clipsMissing, readFrames, sharedData } from '../support/clips.js';

const FRAMES = 20;

describe('meanLandmarksOfStill', { skip: clipsMissing }, () => {
  let extractor: LandmarkExtractor;
  before(async () => {
    extractor = await loadLandmarkExtractor('face_mesh_attention');
  });
  after(() => extractor.release());

  it('is near to one look, and steadier from image to image of a clip', async () => {
    const single: Landmarks68[] = [];
    const mean: Landmarks68[] = [];
    for (const image of readFrames(join(sharedData, 'video', 'webcam_talking.mp4'), FRAMES)) {
      const face = (await landmarksOfStill(image, extractor))!;
      single.push(face.landmarks);
      mean.push(await meanLandmarksOfStill(image, face, extractor));
      const eyes = eyeDistance(face.landmarks);
      assert.ok(distance(single.at(-1)!, mean.at(-1)!) < 0.03 * eyes);
    }
    assert.ok(trembling(mean) < 0.9 * trembling(single), `${trembling(mean)} of ${trembling(single)}`);
  });
});

/** The mean distance of points from the middle of those of the images before and after, pixels. */
function trembling(faces: readonly Landmarks68[]): number {
  const inner = faces.slice(1, -1).map((face, index) => {
    const middle = face.map((_, at) => (faces[index]![at]! + faces[index + 2]![at]!) / 2);
    return distance(face, middle);
  });
  return inner.reduce((sum, value) => sum + value, 0) / inner.length;
}

function distance(a: Landmarks68, b: Landmarks68): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 2) sum += Math.hypot(a[at]! - b[at]!, a[at + 1]! - b[at + 1]!);
  return (2 * sum) / a.length;
}
