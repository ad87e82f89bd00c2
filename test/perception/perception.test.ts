import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { loadFaceApi } from '../../src/perception/face_api/face_api.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { LOADABLE_EXTRACTOR_NAMES } from '../../src/perception/landmarks/landmark_extractor_name.js';
import { Perception } from '../../src/perception/perception.js';
import type { TrackedFace } from '../../src/perception/tracked_face.js';
import { blankImage, clipFiles, clipsMissing, readFrames, sharedData } from '../support/clips.js';
import { extractorMissing } from '../support/dlib.js';

/** Sends images through perception at a frame rate; the faces of each. */
async function run(perception: Perception, images: readonly RgbImage[], framesPerSecond = 30, startSeconds = 1000) {
  const faces: TrackedFace[][] = [];
  for (const [index, image] of images.entries()) {
    faces.push(await perception.process(image, startSeconds + index / framesPerSecond));
  }
  return faces;
}

const idsOf = (faces: readonly (readonly TrackedFace[])[]) => [...new Set(faces.flat().map(({ trackId }) => trackId))];

/** The median over points and images of how far points are from the line through their neighbours in time, over the
 * distance of the outer eye corners: what a still face's landmarks tremble. */
function jitter(track: readonly Float32Array[]): number {
  const residues: number[] = [];
  for (let index = 2; index < track.length; index++) {
    const [first, second, third] = [track[index - 2]!, track[index - 1]!, track[index]!];
    let sum = 0;
    for (let value = 0; value < 136; value++) sum += (first[value]! - 2 * second[value]! + third[value]!) ** 2;
    residues.push(Math.sqrt(sum / 136 / 6) / Math.hypot(third[72]! - third[90]!, third[73]! - third[91]!));
  }
  return residues.sort((a, b) => a - b)[residues.length >> 1]!;
}

for (const landmarkExtractor of LOADABLE_EXTRACTOR_NAMES) {
  const missing = extractorMissing(landmarkExtractor);
  describe(`Perception with ${landmarkExtractor}, on clips`, { skip: clipsMissing || missing }, () => {
    const asl = clipsMissing ? [] : clipFiles('asl', '.mkv');
    // face-api.js and dlib take many times as long as MediaPipe's networks.
    const followed = landmarkExtractor.startsWith('face_mesh') ? asl : asl.slice(0, 2);
    for (const file of followed) {
      it(`follows one face of 70 pixels, and takes no hands for another, through ${basename(file)}`, async () => {
        const frames = readFrames(file);
        const faces = await run(await Perception.load({ landmarkExtractor }), frames);
        const seen = faces.filter((list) => list.length === 1).length;
        assert.ok(seen >= frames.length - 2, `seen in ${seen} of ${frames.length} frames`);
        assert.deepEqual(idsOf(faces), [1]);
        const { box, landmarks, score } = faces.at(-1)![0]!;
        assert.ok(box.width > 50 && box.width < 120, `the box is ${box.width} pixels wide`);
        assert.ok(box.y > 30 && box.y < 160 && box.x > 210 && box.x < 340, `the box is at ${box.x}, ${box.y}`);
        assert.ok(landmarks.every((value) => value > 0 && value < 640));
        assert.ok(score > 0.25 && score <= 1);
        const trembling = jitter(faces.flat().map((face) => face.landmarks));
        assert.ok(trembling < 0.01, `landmarks tremble by ${trembling} of the eyes' distance`);
      });
    }

    for (const { name, people } of [
      { name: 'head-pose-face-detection-male.gif', people: 1 },
      { name: 'head-pose-face-detection-female-and-male.gif', people: 2 },
    ]) {
      it(`keeps one id for each of ${people} in ${name}`, async () => {
        const frames = readFrames(join(sharedData, 'video', name));
        const faces = await run(await Perception.load({ landmarkExtractor }), frames, 12);
        assert.deepEqual(
          idsOf(faces),
          Array.from({ length: people }, (_, index) => index + 1),
        );
        const complete = faces.filter((list) => list.length === people).length;
        assert.ok(complete >= frames.length - 2, `${complete} of ${frames.length} frames are complete`);
        // The first face stays where it was: ids are not swapped.
        const left = faces.flat().filter(({ trackId }) => trackId === 1);
        assert.ok(left.every(({ box }) => Math.abs(box.x - left[0]!.box.x) < 80));
      });
    }

    it('keeps landmarks that are filtered steadier, and near where they are', async () => {
      const frames = readFrames(asl[0]!, 60);
      const [raw, smooth] = await Promise.all(
        [false, true].map(async (smoothLandmarks) => {
          const perception = await Perception.load({ landmarkExtractor, smoothLandmarks });
          return (await run(perception, frames)).flat().map((face) => face.landmarks);
        }),
      );
      assert.equal(raw!.length, smooth!.length);
      assert.ok(jitter(smooth!) < 0.8 * jitter(raw!), `${jitter(smooth!)} against ${jitter(raw!)}`);
      smooth!.forEach((landmarks, index) => {
        const [points, eyes] = [
          raw![index]!,
          Math.hypot(landmarks[72]! - landmarks[90]!, landmarks[73]! - landmarks[91]!),
        ];
        assert.ok(landmarks.every((value, at) => Math.abs(value - points[at]!) < 0.25 * eyes));
      });
    });

    it('finds the face of every still', async () => {
      const folder = join(sharedData, 'faces');
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.jpg'))) {
        const [image] = readFrames(join(folder, name), 1);
        const faces = await run(await Perception.load({ landmarkExtractor, maxFaces: 1 }), [image!, image!, image!]);
        assert.equal(faces.at(-1)!.length, 1, `${name}: ${faces.at(-1)!.length} faces`);
      }
    });

    it('drops a face that left within a fraction of a second, and knows it as another one later', async () => {
      const frames = readFrames(asl[0]!, 20);
      const perception = await Perception.load({ landmarkExtractor });
      await run(perception, frames);
      const blank = Array.from({ length: 15 }, () => blankImage(640, 480, 128));
      const away = await run(perception, blank, 30, 1001);
      assert.ok(away.slice(3).every((faces) => faces.length === 0));
      assert.deepEqual(perception.trackIds, []);
      assert.deepEqual(idsOf(await run(perception, frames, 30, 1002)), [2]);
    });

    it('keeps the id of a face that is hidden for a moment', async () => {
      const frames = readFrames(asl[0]!, 30);
      const perception = await Perception.load({ landmarkExtractor });
      await run(perception, frames.slice(0, 15));
      await run(perception, [1, 2, 3, 4, 5].map(() => blankImage(640, 480, 0)), 30, 1000.5); // biome-ignore format: short
      assert.deepEqual(idsOf(await run(perception, frames.slice(15), 30, 1000.67)), [1]);
    });

    it('follows a face that jumps aside under its id', async () => {
      const frames = readFrames(asl[0]!, 20);
      const perception = await Perception.load({ landmarkExtractor });
      await run(perception, frames);
      const faces = await run(perception, frames.map((frame) => shifted(frame, 100)), 30, 1000.7); // biome-ignore format: short
      assert.deepEqual(idsOf(faces), [1]);
      assert.ok(faces.at(-1)![0]!.box.x > 330);
    });

    it('does not follow a face across a cut', async () => {
      const first = readFrames(asl[0]!, 10);
      const perception = await Perception.load({ landmarkExtractor });
      await run(perception, first);
      const faces = await perception.process(blankImage(640, 480, 90), 1005);
      assert.deepEqual(faces, []);
    });

    it('tells of a face once it was seen in minSeenFrames images, under the id that it had all the time', async () => {
      const frames = readFrames(asl[0]!, 8);
      const perception = await Perception.load({ landmarkExtractor });
      const first = (await run(perception, frames)).findIndex((faces) => faces.length === 1);
      const patient = await Perception.load({ landmarkExtractor, minSeenFrames: 4 });
      const faces = await run(patient, frames);
      assert.equal(
        faces.findIndex(({ length }) => length === 1),
        first + 3,
      );
      assert.deepEqual(idsOf(faces), [1]);
    });

    it('follows no more than maxFaces, also when that changes', async () => {
      const frames = readFrames(join(sharedData, 'video', 'head-pose-face-detection-female-and-male.gif'), 40);
      const perception = await Perception.load({ landmarkExtractor, maxFaces: 1 });
      const one = await run(perception, frames.slice(0, 12), 12);
      assert.ok(one.slice(2).every((faces) => faces.length === 1));
      perception.set({ maxFaces: 2 });
      const two = await run(perception, frames.slice(12, 28), 12, 1001);
      assert.equal(two.at(-1)!.length, 2);
      const beforeChange = perception.process(frames[28]!, 1002.32);
      // From the next image on.
      perception.set({ maxFaces: 1 });
      assert.equal((await beforeChange).length, 2);
      const again = await run(perception, frames.slice(29), 12, 1002.4);
      assert.ok(again.every((faces) => faces.length === 1));
      assert.throws(() => perception.set({ maxFaces: 0 }), InvalidInputError);
      await assert.rejects(perception.process(frames[0]!, Number.NaN), InvalidInputError);
    });
  });

  describe(`Perception with ${landmarkExtractor}`, { skip: missing }, () => {
    for (const { name, image } of [
      { name: 'black', image: blankImage(640, 480, 0) },
      { name: 'grey', image: blankImage(640, 480, 128) },
      { name: 'white', image: blankImage(320, 240, 255) },
      { name: 'noise', image: noise(640, 480) },
      { name: 'a single pixel', image: blankImage(1, 1, 255) },
      { name: 'a line', image: blankImage(500, 1, 255) },
    ]) {
      it(`sees no face in ${name}`, async () => {
        const faces = await run(await Perception.load({ landmarkExtractor }), [image, image, image]);
        assert.deepEqual(faces, [[], [], []]);
      });
    }
  });
}

describe('Perception', () => {
  it('leaves no tensor of face-api.js behind', { skip: clipsMissing }, async () => {
    const frames = readFrames(join(sharedData, 'video', 'head-pose-face-detection-female-and-male.gif'), 30);
    const perception = await Perception.load({ landmarkExtractor: 'face_api' });
    const faceApi = await loadFaceApi();
    await run(perception, frames.slice(0, 5));
    const before = faceApi.tensorCount();
    await run(perception, [...frames, blankImage(480, 270, 30), blankImage(32, 32, 200)], 30, 1001);
    assert.equal(faceApi.tensorCount(), before);
  });

  it('looks at the pixels of a face ten times a second, anew after a gap, and not at all where it is told so', async () => {
    const frames = readFrames(clipFiles('asl', '.mkv')[0]!, 14);
    const perception = await Perception.load({ landmarkExtractor: 'face_mesh' });
    const looks = (faces: readonly (readonly TrackedFace[])[]) => faces.map(([face]) => face?.appearance);
    const seen = looks(await run(perception, frames));
    const anew = seen.flatMap((look, index) => (look !== seen[index - 1] ? [index] : []));
    // The face is seen from the first or second image on.
    const first = anew[0]!;
    assert.deepEqual(
      anew,
      [0, 3, 6, 9, 12].map((index) => index + first).filter((index) => index < frames.length),
    );
    assert.equal(seen.at(-1)!.length, 256);
    const [later] = looks(await run(perception, frames.slice(-1), 30, 1010));
    assert.notEqual(later, seen.at(-1));
    const [back] = looks(await run(perception, frames.slice(-1), 30, 990));
    assert.notEqual(back, later);
    const apart = Math.hypot(...back!.map((feature, k) => feature - later![k]!));
    assert.ok(apart < 0.05 * Math.hypot(...later!), `${apart}`);
    perception.set({ appearance: false });
    assert.deepEqual(looks(await run(perception, frames.slice(-2), 30, 990.1)), [undefined, undefined]);
    perception.set({ appearance: true });
    assert.ok(looks(await run(perception, frames.slice(-1), 30, 990.2))[0]);
    await perception.release();
  });

  it('refuses unknown options and values out of range', async () => {
    // @ts-expect-error: the types refuse it too
    await assert.rejects(Perception.load({ faces: 3 }), /unknown option faces is 3/);
    await assert.rejects(Perception.load({ maxFaces: 0 }), /maxFaces is 0/);
    // @ts-expect-error: the types refuse it too
    await assert.rejects(Perception.load({ landmarkExtractor: 'kinect' }), /the landmark extractor is "kinect"/);
  });
});

/** The image moved to the right, its left edge repeated. */
function shifted({ data, width, height }: RgbImage, by: number): RgbImage {
  const moved = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + Math.max(0, x - by)) * 3;
      moved.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { data: moved, width, height };
}

function noise(width: number, height: number): RgbImage {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  });
  return { data, width, height };
}
