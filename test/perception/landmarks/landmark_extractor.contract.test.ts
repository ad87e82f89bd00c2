import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import {
  type ExtractedFace,
  type LandmarkExtractor,
  wholeImage,
} from '../../../src/perception/landmarks/landmark_extractor.js';
import { LOADABLE_EXTRACTOR_NAMES } from '../../../src/perception/landmarks/landmark_extractor_name.js';
import type { Landmarks68 } from '../../../src/perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../../../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../../../src/perception/load_landmark_extractor.js';
import { blankImage, ffmpegMissing } from '../../support/clips.js';
import { readDemoGroup, readDemoPhotos } from '../../support/demo_photos.js';
import { extractorMissing } from '../../support/dlib.js';
import { facesMissing, readFaces } from '../../support/face_inputs.js';

/** The mean of some landmarks. */
function middle(landmarks: Landmarks68, points: readonly number[]): { x: number; y: number } {
  const mean = (axis: number) => points.reduce((sum, point) => sum + landmarks[2 * point + axis]!, 0) / points.length;
  return { x: mean(0), y: mean(1) };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Checks that an upright face's 68 points lie as in dlib's model: the subject's right is on the image's left. */
function assertDlibOrder(landmarks: Landmarks68, what: string): void {
  assert.equal(landmarks.length, 136);
  const x = (...points: number[]) => middle(landmarks, points).x;
  const y = (...points: number[]) => middle(landmarks, points).y;
  const rising: Record<string, number[]> = {
    'from ear to ear': [x(0, 1, 2), x(7, 8, 9), x(14, 15, 16)],
    'along the brows': range(17, 26).map((point) => x(point)),
    'along the eyes': [36, 37, 38, 39, 42, 43, 44, 45].map((point) => x(point)),
    'back along the lower lids': [45, 46, 47, 42, 39].map((point) => -x(point)),
    'down the nose': range(27, 30).map((point) => y(point)),
    'along the nostrils': range(31, 35).map((point) => x(point)),
    'along the upper lip': range(48, 54).map((point) => x(point)),
    'back along the lower lip': range(54, 59).map((point) => -x(point)),
    'along the inner upper lip': range(60, 64).map((point) => x(point)),
    'back along the inner lower lip': range(64, 67).map((point) => -x(point)),
    'down the face': [y(...range(17, 26)), y(...range(36, 47)), y(...range(31, 35)), y(...range(48, 59)), y(7, 8, 9)],
    'down the lips': [y(50, 51, 52), y(56, 57, 58)],
  };
  for (const [where, values] of Object.entries(rising)) {
    values.slice(1).forEach((value, i) => {
      assert.ok(value > values[i]!, `${what}: the points go wrong ${where}: ${values.map((each) => Math.round(each))}`);
    });
  }
}

/** The faces that an image likely holds, each once. */
async function likelyFaces(extractor: LandmarkExtractor, image: RgbImage): Promise<ExtractedFace[]> {
  const detections = await extractor.detect(image);
  const faces = await extractor.extract(
    image,
    detections.map(({ square }) => square),
  );
  const likely = faces.filter(({ score }) => score >= extractor.scoreRules.likely);
  // Two detections may lead to one face, which is followed as one.
  return likely.filter(
    ({ square }, index) =>
      !likely.slice(0, index).some((earlier) => {
        const distance = Math.hypot(earlier.square.centerX - square.centerX, earlier.square.centerY - square.centerY);
        return distance < earlier.square.side / 4;
      }),
  );
}

for (const name of LOADABLE_EXTRACTOR_NAMES) {
  describe(`the extractor ${name}`, { skip: ffmpegMissing || extractorMissing(name) }, () => {
    let extractor: LandmarkExtractor;
    before(async () => {
      extractor = await loadLandmarkExtractor(name);
    });
    after(() => extractor.release());

    it('has the name that it is asked for by, and rules of scores that make sense', () => {
      assert.equal(extractor.name, name);
      const { certain, likely, keep } = extractor.scoreRules;
      assert.ok(1 > certain && certain >= likely && likely >= keep && keep > 0);
    });

    it('may be asked about several images at once', { skip: facesMissing }, async () => {
      const images = readFaces()
        .slice(0, 3)
        .map(({ image }) => image);
      const alone: Landmarks68[] = [];
      for (const image of images) alone.push((await landmarksOfStill(image, extractor))!.landmarks);
      const together = await Promise.all(images.map((image) => landmarksOfStill(image, extractor)));
      assert.deepEqual(
        together.map((face) => face!.landmarks),
        alone,
      );
    });

    it('finds no face below the threshold that it is given', async () => {
      const [{ image }] = readDemoPhotos() as [ReturnType<typeof readDemoPhotos>[number]];
      const found = await extractor.detect(image);
      const threshold = Math.max(...found.map(({ score }) => score)) + 1e-6;
      assert.ok(found.length > 0 && threshold < 1);
      const strict = await loadLandmarkExtractor(name, { detectorThreshold: threshold });
      assert.deepEqual(await strict.detect(image), []);
      await strict.release();
      await assert.rejects(loadLandmarkExtractor(name, { detectorThreshold: 1.5 }), /minScore is 1.5, expected/);
    });

    it('finds the faces of photos, their points in dlib’s order', async () => {
      for (const { name: photo, image, faces } of readDemoPhotos()) {
        const found = await likelyFaces(extractor, image);
        // face-api.js's small detector takes something else in one of the photos for a face, too.
        if (name === 'face_api') assert.ok(found.length >= faces && found.length <= faces + 1, photo);
        else assert.equal(found.length, faces, photo);
        for (const { landmarks, score, square, mesh } of found) {
          assertDlibOrder(landmarks, photo);
          assert.ok(score <= 1);
          assert.ok(mesh === undefined || mesh.length === 468 * 3);
          const nose = middle(landmarks, [30]);
          assert.ok(Math.hypot(nose.x - square.centerX, nose.y - square.centerY) < square.side / 4, photo);
        }
      }
    });

    it('finds detections best first, boxes about the points', async () => {
      for (const { name: photo, image } of readDemoPhotos()) {
        const detections = await extractor.detect(image);
        const scores = detections.map(({ score }) => score);
        assert.deepEqual(
          scores,
          [...scores].sort((first, second) => second - first),
        );
        const faces = await extractor.extract(
          image,
          detections.map(({ square }) => square),
        );
        faces.forEach(({ landmarks }, index) => {
          const { x, y, width, height } = detections[index]!.box;
          const mouth = middle(landmarks, range(48, 59));
          assert.ok(mouth.x > x && mouth.x < x + width && mouth.y > y && mouth.y < y + 1.1 * height, photo);
        });
      }
    });

    it('finds the face of every small still', { skip: facesMissing }, async () => {
      for (const { name: still, image } of readFaces()) {
        const face = await landmarksOfStill(image, extractor);
        assert.ok(face, still);
        assertDlibOrder(face.landmarks, still);
      }
    });

    it('gives the same for the same image, whatever came between', async () => {
      const [first, second] = readDemoPhotos();
      const detections = await extractor.detect(first!.image);
      const squares = detections.map(({ square }) => ({ ...square }));
      const faces = await extractor.extract(first!.image, squares);
      await likelyFaces(extractor, second!.image);
      assert.deepEqual(await extractor.detect(first!.image), detections);
      assert.deepEqual(
        await extractor.extract(
          first!.image,
          squares.map((square) => ({ ...square })),
        ),
        faces,
      );
    });

    it('gives faces that are asked for together what it gives one by one, in order', async () => {
      const image = readDemoGroup();
      const squares = (await extractor.detect(image)).map(({ square }) => ({ ...square }));
      assert.ok(squares.length >= 3);
      const together = await extractor.extract(image, squares);
      for (const [index, square] of squares.entries()) {
        assert.deepEqual(await extractor.extract(image, [{ ...square }]), [together[index]]);
      }
      assert.deepEqual(await extractor.extract(image, []), []);
    });

    it('stays on a face that it follows by its own squares', async () => {
      const { image } = readDemoPhotos()[0]!;
      let [face] = await likelyFaces(extractor, image);
      const start = face!;
      for (let again = 0; again < 10; again++) [face] = await extractor.extract(image, [face!.square]);
      assert.ok(face!.score >= extractor.scoreRules.keep, `score ${face!.score}`);
      const eyes = Math.hypot(start.landmarks[72]! - start.landmarks[90]!, start.landmarks[73]! - start.landmarks[91]!);
      for (let at = 0; at < 136; at++) {
        assert.ok(Math.abs(face!.landmarks[at]! - start.landmarks[at]!) < 0.3 * eyes, `point ${at >> 1} has gone`);
      }
      assert.ok(Math.abs(face!.square.side / start.square.side - 1) < 0.2, 'the square grows or shrinks');
    });

    it('finds no face where there is none', async () => {
      for (const image of [
        blankImage(640, 480, 128),
        blankImage(64, 48, 0),
        blankImage(300, 2, 255),
        blankImage(1, 1, 90),
      ]) {
        assert.deepEqual(await likelyFaces(extractor, image), [], `${image.width}x${image.height}`);
        assert.equal(await landmarksOfStill(image, extractor), null);
      }
    });

    it('says of a place without a face that there is none, with points that are numbers', async () => {
      for (const image of [blankImage(640, 480, 128), blankImage(1, 1, 90)]) {
        const [face] = await extractor.extract(image, [wholeImage(image)]);
        assert.ok(face!.score < extractor.scoreRules.keep, `score ${face!.score}`);
        assert.ok(face!.landmarks.every(Number.isFinite));
      }
    });

    it('confirms the faces of photos, whatever images came between, and none elsewhere', async () => {
      for (const { name: photo, image, faces } of readDemoPhotos()) {
        let confirmed = 0;
        for (const face of await likelyFaces(extractor, image)) {
          const sure = await extractor.confirm(image, face);
          assert.ok(sure >= 0 && sure <= 1);
          if (sure >= extractor.scoreRules.likely) confirmed++;
        }
        assert.ok(confirmed >= faces, `${confirmed} of ${faces} in ${photo}`);
      }
      const blank = blankImage(640, 480, 128);
      const [nothing] = await extractor.extract(blank, [wholeImage(blank)]);
      assert.ok((await extractor.confirm(blank, nothing!)) < extractor.scoreRules.likely);
    });

    it('can be released while another of its kind goes on', async () => {
      const { image, faces } = readDemoPhotos()[0]!;
      const other = await loadLandmarkExtractor(name);
      assert.equal((await likelyFaces(other, image)).length, faces);
      await other.release();
      assert.equal((await likelyFaces(extractor, image)).length, faces);
    });
  });
}
