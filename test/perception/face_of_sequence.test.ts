import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FaceOfSequence } from '../../src/perception/face_of_sequence.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import type { LandmarkExtractor } from '../../src/perception/landmarks/landmark_extractor.js';
import { facesOfStill } from '../../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../../src/perception/load_landmark_extractor.js';
import { blankImage, clipFiles, clipsMissing, readFrames } from '../support/clips.js';

describe('the face of a sequence', { skip: clipsMissing }, () => {
  let extractor: LandmarkExtractor;
  let images: RgbImage[];
  before(async () => {
    extractor = await loadLandmarkExtractor('face_mesh');
    images = readFrames(clipFiles('', 'female-and-male.gif')[0]!, 12);
  });
  after(() => extractor.release());

  const centre = (box: { x: number; width: number }) => box.x + box.width / 2;

  it('is the same of two faces in every image', async () => {
    const face = new FaceOfSequence(extractor);
    const first = (await face.next(images[0]!))!;
    assert.equal((await facesOfStill(images[0]!, extractor)).length, 2);
    for (const image of images.slice(1)) {
      const next = (await face.next(image))!;
      assert.ok(Math.abs(centre(next.box) - centre(first.box)) < 100, 'the other one is 250 pixels away');
    }
  });

  it('is the one nearest to the last after images without a face', async () => {
    for (const wanted of [0, 1]) {
      const still = (await facesOfStill(images[0]!, extractor)).sort((a, b) => centre(a.box) - centre(b.box));
      const { box } = still[wanted]!;
      // Half of the image shows one face only.
      const half = mask(images[0]!, centre(box) < images[0]!.width / 2 ? [0, 240] : [240, 480]);
      const face = new FaceOfSequence(extractor);
      const first = (await face.next(half))!;
      assert.ok(Math.abs(centre(first.box) - centre(box)) < 40);
      assert.equal(await face.next(blankImage(480, 270, 128)), null);
      const back = (await face.next(images[3]!))!;
      assert.ok(Math.abs(centre(back.box) - centre(box)) < 100);
    }
  });
});

/** The image with all columns but some in grey. */
function mask({ data, width, height }: RgbImage, [from, to]: readonly [number, number]): RgbImage {
  const masked = new Uint8Array(data.length).fill(128);
  for (let y = 0; y < height; y++) {
    const [start, end] = [(y * width + from) * 3, (y * width + to) * 3];
    masked.set(data.subarray(start, end), start);
  }
  return { data: masked, width, height };
}
