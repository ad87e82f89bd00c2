import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { landmarkError, readGroundTruth } from '../../bench/ground_truth.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import type { Landmarks68 } from '../../src/perception/landmarks/landmarks68.js';
import { FaceMeshExtractor } from '../../src/perception/mediapipe/face_mesh_extractor.js';
import { landmarksOfMesh } from '../../src/perception/mediapipe/mesh_landmarks.js';
import { chromiumPath, NO_CHROMIUM } from '../support/browser.js';
import { clipsMissing, readFrames, sharedData } from '../support/clips.js';
import { readFaces } from '../support/face_inputs.js';
import { type MediaPipeBrowser, openMediaPipe } from '../support/mediapipe_browser.js';

const GROUND_TRUTH = join(sharedData, 'landmark_ground_truth', 'ytf68');
/** Every so many of its 220 images. */
const STEP = 44;
/** How often MediaPipe is given each image: a browser samples the detector's input otherwise, which its own squares then make up for. */
const TIMES = 3;
/** Of the distance of the outer eye corners, the mean over the 68 points: of all stills together, and of each. */
const TOLERANCE = { all: 0.01, each: 0.03 };

const missing =
  clipsMissing || (chromiumPath() === null && NO_CHROMIUM) || (!existsSync(GROUND_TRUTH) && `needs ${GROUND_TRUTH}`);

function readStills(): { name: string; image: RgbImage }[] {
  const others = readGroundTruth(GROUND_TRUTH).filter((_, index) => index % STEP === 0);
  return [...readFaces(), ...others.map(({ file }) => ({ name: basename(file), image: readFrames(file, 1)[0]! }))];
}

for (const attention of [false, true]) {
  describe(`stills through the face mesh with${attention ? '' : 'out'} attention`, { skip: missing }, () => {
    let extractor: FaceMeshExtractor;
    let mediaPipe: MediaPipeBrowser;
    before(async () => {
      extractor = await FaceMeshExtractor.load({ attention, threads: 1 });
      mediaPipe = await openMediaPipe({ refineLandmarks: attention, maxFaces: 1 });
    });
    after(async () => {
      await mediaPipe.close();
      await extractor.release();
    });

    it("have the points that MediaPipe's own finds in them, within 1 % of the distance of the eyes", async () => {
      const errors = new Map<string, number>();
      for (const { name, image } of readStills()) {
        const [mesh] = await mediaPipe.find(image, TIMES);
        assert.ok(mesh, `MediaPipe finds no face in ${name}`);
        const [detection] = await extractor.detect(image);
        let { square } = detection!;
        let landmarks: Landmarks68 | undefined;
        for (let time = 0; time < TIMES; time++) {
          const [face] = await extractor.extract(image, [square]);
          assert.ok(face!.score >= extractor.scoreRules.certain, `no face in ${name}`);
          ({ square, landmarks } = face!);
        }
        errors.set(name, landmarkError(landmarks!, landmarksOfMesh(mesh)));
      }
      const said = JSON.stringify([...errors]);
      const mean = [...errors.values()].reduce((sum, error) => sum + error, 0) / errors.size;
      assert.ok(mean < TOLERANCE.all, `off by ${mean} in the mean: ${said}`);
      assert.ok(Math.max(...errors.values()) < TOLERANCE.each, said);
    });
  });
}
