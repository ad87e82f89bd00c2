import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { landmarkError, readGroundTruth } from '../../bench/ground_truth.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import type { ImageSquare } from '../../src/perception/image/sample_square.js';
import { wholeImage } from '../../src/perception/landmarks/landmark_extractor.js';
import { cornerAligned } from '../../src/perception/mediapipe/corner_aligned.js';
import { DETECTOR_INPUT_SIZE } from '../../src/perception/mediapipe/face_detector_network.js';
import { FaceMeshExtractor } from '../../src/perception/mediapipe/face_mesh_extractor.js';
import { MESH_INPUT_SIZE } from '../../src/perception/mediapipe/face_mesh_network.js';
import { type FaceMesh, landmarksOfMesh, squareAroundMesh } from '../../src/perception/mediapipe/mesh_landmarks.js';
import { chromiumPath, NO_CHROMIUM } from '../support/browser.js';
import { clipsMissing, readFrames, sharedData } from '../support/clips.js';
import { readFaces } from '../support/face_inputs.js';
import { type MediaPipeBrowser, openMediaPipe } from '../support/mediapipe_browser.js';

const GROUND_TRUTH = join(sharedData, 'landmark_ground_truth', 'ytf68');
/** Every so many of its 220 images, and of the faces: for each MediaPipe compiles its shaders anew, which takes seconds. */
const STEP = 110;
const FACES_STEP = 2;
/** How often each image is given: MediaPipe detects a face once, then follows it. */
const TIMES = 2;
/**
 * Of the distance of the outer eye corners, the mean over the 68 points: of all stills together, and of each. In a browser samples
 * are exact; MediaPipe for Python and this package round their places to 1/32 of a pixel and their values to bytes.
 */
const TOLERANCE = { all: 0.003, each: 0.009 };

const missing =
  clipsMissing || (chromiumPath() === null && NO_CHROMIUM) || (!existsSync(GROUND_TRUTH) && `needs ${GROUND_TRUTH}`);

function readStills(): { name: string; image: RgbImage }[] {
  const others = readGroundTruth(GROUND_TRUTH).filter((_, index) => index % STEP === 0);
  const faces = readFaces().filter((_, index) => index % FACES_STEP === 0);
  return [...faces, ...others.map(({ file }) => ({ name: basename(file), image: readFrames(file, 1)[0]! }))];
}

/**
 * In a browser MediaPipe lays a sample's place in its middle, not at its corner as MediaPipe for Python and this package do
 * (`cornerAligned`): for a small face half a pixel is much. From a square, the one whose samples at corners are those.
 */
function middleAligned(square: ImageSquare, size: number): ImageSquare {
  const aligned = cornerAligned(square, size);
  return {
    ...square,
    centerX: 2 * square.centerX - aligned.centerX,
    centerY: 2 * square.centerY - aligned.centerY,
  };
}

/** The first square that MediaPipe in a browser looks for points in. */
async function detectInBrowsersWay(image: RgbImage, extractor: FaceMeshExtractor): Promise<ImageSquare> {
  const whole = wholeImage(image);
  const area = middleAligned(whole, DETECTOR_INPUT_SIZE);
  const [face] = await extractor.detect(image, area);
  const { square } = face!;
  return {
    ...square,
    centerX: square.centerX + whole.centerX - area.centerX,
    centerY: square.centerY + whole.centerY - area.centerY,
  };
}

/** The points that it finds there. */
async function extractInBrowsersWay(
  image: RgbImage,
  square: ImageSquare,
  extractor: FaceMeshExtractor,
): Promise<FaceMesh> {
  const moved = middleAligned(square, MESH_INPUT_SIZE);
  const [face] = await extractor.extract(image, [moved]);
  assert.ok(face!.score >= extractor.scoreRules.certain);
  const shift = [square.centerX - moved.centerX, square.centerY - moved.centerY, 0];
  return face!.mesh!.map((value, i) => value + shift[i % 3]!);
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

    it("have the points that MediaPipe's own finds in them", async (t) => {
      const errors = new Map<string, number>();
      for (const { name, image } of readStills()) {
        const [theirs] = await mediaPipe.find(image, TIMES);
        assert.ok(theirs, `MediaPipe finds no face in ${name}`);
        let square = await detectInBrowsersWay(image, extractor);
        let ours: FaceMesh | undefined;
        for (let time = 0; time < TIMES; time++) {
          ours = await extractInBrowsersWay(image, square, extractor);
          square = squareAroundMesh(ours);
        }
        errors.set(name, landmarkError(landmarksOfMesh(ours!), landmarksOfMesh(theirs)));
      }
      const said = JSON.stringify([...errors]);
      const mean = [...errors.values()].reduce((sum, error) => sum + error, 0) / errors.size;
      t.diagnostic(`off by ${mean} in the mean, ${Math.max(...errors.values())} at most`);
      assert.ok(mean < TOLERANCE.all, `off by ${mean} in the mean: ${said}`);
      assert.ok(Math.max(...errors.values()) < TOLERANCE.each, said);
    });
  });
}
