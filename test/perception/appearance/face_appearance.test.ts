import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readImageFile } from '../../../src/camera/image_file.js';
import { APPEARANCE_CLASSES } from '../../../src/perception/appearance/expression_network.js';
import { appearanceSquare, FaceAppearance } from '../../../src/perception/appearance/face_appearance.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
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

  it('names what the photos are called', async () => {
    const wrong: string[] = [];
    for (const { name, image, landmarks } of faces) {
      const [seen] = await appearance.of(image, [landmarks]);
      if (APPEARANCE_CLASSES[seen!.indexOf(Math.max(...seen!))] !== NAMED[name]) wrong.push(name);
      assert.ok(Math.abs(seen!.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
    }
    assert.equal(faces.length, 7);
    assert.deepEqual(wrong, []);
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
