import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { landmarksOfStill } from '../../src/perception/landmarks_of_still.js';
import { FaceMeshExtractor } from '../../src/perception/mediapipe/face_mesh_extractor.js';
import { blankImage, clipsMissing, readFrames, sharedData } from '../support/clips.js';

for (const attention of [false, true]) {
  describe(`landmarksOfStill with${attention ? '' : 'out'} attention`, () => {
    let extractor: FaceMeshExtractor;
    before(async () => {
      extractor = await FaceMeshExtractor.load({ attention, threads: 1 });
    });
    after(() => extractor.release());

    it('finds the face of every still, its eyes the right way round and its lips below', {
      skip: clipsMissing,
    }, async () => {
      const folder = join(sharedData, 'faces');
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.jpg'))) {
        const [image] = readFrames(join(folder, name), 1);
        const face = await landmarksOfStill(image!, extractor);
        assert.ok(face && face.score > 0.5, name);
        const { landmarks, mesh, box } = face;
        assert.equal(mesh!.length, 468 * 3);
        assert.ok(landmarks[72]! < landmarks[90]! && landmarks[115]! > landmarks[73]!, name);
        assert.ok(landmarks[60]! > box.x && landmarks[60]! < box.x + box.width, name);
        assert.deepEqual(await landmarksOfStill(image!, extractor), face);
      }
    });

    it('finds no face where there is none', async () => {
      for (const image of [blankImage(64, 48, 128), blankImage(1, 1, 0), blankImage(300, 2, 255)]) {
        assert.equal(await landmarksOfStill(image, extractor), null);
      }
    });
  });
}
