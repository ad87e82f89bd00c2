import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { landmarkError } from '../../bench/ground_truth.js';
import { facesOfStill, landmarksOfStill } from '../../src/perception/landmarks_of_still.js';
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

    it("takes the face that MediaPipe takes, its detector's surest: not a larger one that the edge cuts off", {
      skip: clipsMissing,
    }, async () => {
      const [image] = readFrames(join(sharedData, 'faces', 'happy.jpg'), 1);
      const [surest, largest] = await extractor.detect(image!);
      assert.ok(largest!.box.x < 0 && largest!.box.width > 1.2 * surest!.box.width);
      const [face] = await facesOfStill(image!, extractor);
      assert.deepEqual(face!.box, surest!.box);
      assert.deepEqual(await landmarksOfStill(image!, extractor), face);
    });

    it('finds the face in a photo with a wide margin, which is too small for the detector', {
      skip: clipsMissing,
    }, async () => {
      const file = join(sharedData, 'faces', 'neutral.jpg');
      const [image] = readFrames(file, 1);
      const face = await landmarksOfStill(image!, extractor);
      for (const width of [200, 120]) {
        const [small] = readFrames(file, 1, 0, `scale=${width}:-1,pad=900:600:200:250:gray`);
        assert.deepEqual(await extractor.detect(small!), []);
        const found = await landmarksOfStill(small!, extractor);
        assert.ok(found, `none ${width} pixels wide`);
        const there = face!.landmarks.map((value, at) => (value * width) / image!.width + [200, 250][at % 2]!);
        const error = landmarkError(found.landmarks, there);
        assert.ok(error < 0.15, `off by ${error} of the distance of the eyes`);
      }
    });

    it('finds no face where there is none', async () => {
      for (const image of [blankImage(64, 48, 128), blankImage(1, 1, 0), blankImage(300, 2, 255)]) {
        assert.equal(await landmarksOfStill(image, extractor), null);
      }
    });
  });
}
