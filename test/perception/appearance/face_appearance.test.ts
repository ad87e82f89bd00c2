import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readImageFile } from '../../../src/camera/image_file.js';
import { readModelAppearance } from '../../../src/experiments/appearance/appearance_file.js';
import { appearanceProbabilities } from '../../../src/learner/appearance/appearance_classifier.js';
import { argmax } from '../../../src/learner/evaluation/classification_report.js';
import { packageRoot } from '../../../src/package_root.js';
import {
  type Appearance,
  appearanceSquare,
  FaceAppearance,
} from '../../../src/perception/appearance/face_appearance.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { MIRRORED_LANDMARKS } from '../../../src/perception/landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../../../src/perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../../../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../../../src/perception/load_landmark_extractor.js';
import { sharedData } from '../../support/clips.js';
import { facesMissing } from '../../support/face_inputs.js';
import { movedFace, stickFace } from '../../support/stick_face.js';

it('appearanceSquare is 1.2 times the box, about its middle, and turns and grows with the face', () => {
  const upright = appearanceSquare(stickFace());
  assert.ok(Math.abs(upright.side - 80 * 1.2) < 1e-4 && upright.roll === 0);
  assert.ok(Math.abs(upright.centerX - 100) < 1e-4 && Math.abs(upright.centerY - 100) < 1e-4);
  const moved = appearanceSquare(movedFace(stickFace(), 0.5, 2, 7, -3));
  assert.ok(Math.abs(moved.side - 2 * upright.side) < 1e-3 && Math.abs(moved.roll - 0.5) < 1e-5);
});

/** The classes that face-api.js's photos are named by. */
const NAMED: Readonly<Record<string, string>> = {
  angry: 'Angry',
  disgusted: 'Disgust',
  fearful: 'Fear',
  happy: 'Happy',
  neutral: 'Neutral',
  sad: 'Sad',
  surprised: 'Surprise',
};

describe('FaceAppearance', { skip: facesMissing }, () => {
  let appearance: FaceAppearance;
  let faces: { name: string; image: RgbImage; landmarks: Landmarks68 }[];
  before(async () => {
    appearance = await FaceAppearance.load();
    const extractor = await loadLandmarkExtractor('face_mesh_attention');
    const folder = join(sharedData, 'faces');
    faces = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.jpg'))) {
      const image = await readImageFile(join(folder, file), folder);
      const { landmarks } = (await landmarksOfStill(image, extractor))!;
      faces.push({ name: parse(file).name, image, landmarks });
    }
    await extractor.release();
  });
  after(() => appearance.release());

  it("is what the package's classifier names the photos by, all but one at most", async () => {
    const path = join(packageRoot(), 'models', 'appearance.json');
    const { classifier } = await readModelAppearance({ classifier: path, landmarks_power: 1 }, ['Happy', 'Neutral']);
    const wrong: string[] = [];
    for (const { name, image, landmarks } of faces) {
      const [seen] = await appearance.of(image, [landmarks]);
      const named = classifier.classes[argmax(appearanceProbabilities(seen!, classifier))];
      if (named !== NAMED[name]) wrong.push(`${name} is called ${named}`);
    }
    assert.equal(faces.length, 7);
    // The photos are grave or gay on purpose; angry and disgusted faces share their brows.
    assert.ok(wrong.length <= 1, wrong.join(', '));
  });

  it('of a still is alike for the face and its mirror image, and near that of a single look', async () => {
    const { image, landmarks } = faces[0]!;
    const [seen, mirrored] = await appearance.bothWays(image, landmarks);
    const mean = await appearance.ofStill(image, landmarks);
    const distance = (a: Appearance, b: Appearance) => Math.hypot(...a.map((value, at) => value - b[at]!));
    assert.ok(distance(mean, seen) < 0.5 * Math.hypot(...seen) && distance(mean, seen) > 0);
    const flipped = { ...image, data: Uint8Array.from(image.data) };
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        for (let c = 0; c < 3; c++) {
          const from = 3 * (y * image.width + image.width - 1 - x) + c;
          flipped.data[3 * (y * image.width + x) + c] = image.data[from]!;
        }
      }
    }
    const there = landmarks.map((_, i) => {
      const value = landmarks[2 * MIRRORED_LANDMARKS[i >> 1]! + (i % 2)]!;
      return i % 2 === 0 ? image.width - value : value;
    });
    const [seenThere] = await appearance.bothWays(flipped, there);
    const apart = Math.max(...seenThere.map((value, at) => Math.abs(value - mirrored[at]!)));
    assert.ok(apart < 0.05 * Math.max(...mirrored), `${apart}`);
    assert.notDeepEqual(seen, mirrored);
    assert.ok(distance(await appearance.ofStill(flipped, there), mean) < 0.01 * Math.hypot(...mean));
  });

  it('sees each of several faces of an image as it sees it alone', async () => {
    const { image, landmarks } = faces[0]!;
    const elsewhere = landmarks.map((value, i) => value + (i % 2 === 0 ? 30 : -20));
    const [first, second] = await appearance.of(image, [landmarks, elsewhere]);
    const [alone] = await appearance.of(image, [elsewhere]);
    second!.forEach((p, k) => {
      assert.ok(Math.abs(p - alone![k]!) < 1e-5);
    });
    assert.notDeepEqual(first, second);
    assert.deepEqual(await appearance.of(image, []), []);
  });
});
