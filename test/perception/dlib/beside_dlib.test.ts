import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { packageRoot } from '../../../src/package_root.js';
import { landmarksInBoxes } from '../../../src/perception/dlib/landmarks_in_boxes.js';
import { readShapePredictor } from '../../../src/perception/dlib/shape_predictor_file.js';
import type { GreyImage } from '../../../src/perception/image/grey_image.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { clipFiles, clipsMissing, readFrames, sharedData } from '../../support/clips.js';
import { dlibMissing, dlibPython, shapePredictorFile } from '../../support/dlib.js';
import { readFaces } from '../../support/face_inputs.js';
import { temporaryFolder } from '../../support/folders.js';

type Edges = [left: number, top: number, right: number, bottom: number];

interface Request {
  readonly image: GreyImage | RgbImage;
  readonly boxes: readonly Edges[];
  /** Whether dlib's own boxes are taken, too. */
  readonly detect: boolean;
}

const folder = temporaryFolder();

/** dlib's points for the boxes of images, its own boxes first. */
function dlibPoints(requests: readonly Request[]): { boxes: Edges[]; points: number[][] }[] {
  const listed = requests.map(({ image: { data, width, height }, boxes, detect }, index) => {
    const file = join(folder.path, `${index}.raw`);
    writeFileSync(file, data);
    return { file, width, height, channels: data.length / width / height, boxes, detect };
  });
  const list = join(folder.path, 'requests.json');
  writeFileSync(list, JSON.stringify(listed));
  const script = join(packageRoot(), 'test', 'perception', 'dlib', 'beside_dlib.py');
  const answer = execFileSync(dlibPython!, [script, shapePredictorFile!, list], { maxBuffer: 2 ** 30 });
  return JSON.parse(answer.toString());
}

/** Checks that all points, rounded to whole pixels, are dlib's. @returns how many boxes were compared */
async function assertDlibPoints(requests: readonly Request[]): Promise<number> {
  const predictor = await readShapePredictor(shapePredictorFile!);
  let compared = 0;
  dlibPoints(requests).forEach(({ boxes, points }, index) => {
    const ours = landmarksInBoxes(
      predictor,
      requests[index]!.image,
      boxes.map(([left, top, right, bottom]) => ({ left, top, right, bottom })),
    );
    ours.forEach((landmarks, at) => {
      assert.deepEqual(Array.from(landmarks, (value) => Math.floor(value + 0.5)), points[at], `image ${index}, ${boxes[at]}`); // biome-ignore format: short
      compared++;
    });
  });
  return compared;
}

function luma({ data, width, height }: RgbImage): GreyImage {
  const grey = Uint8Array.from({ length: width * height }, (_, at) =>
    Math.round(0.299 * data[3 * at]! + 0.587 * data[3 * at + 1]! + 0.114 * data[3 * at + 2]!),
  );
  return { data: grey, width, height };
}

/** Boxes somewhere on an image, from 8 pixels to all of it. */
function randomBoxes({ width, height }: GreyImage, count: number, random: SeededRandom): Edges[] {
  return Array.from({ length: count }, () => {
    const side = 8 + random.below(Math.max(width, height));
    const left = random.below(width) - (side >> 1);
    const top = random.below(height) - (side >> 1);
    return [left, top, left + side + random.below(9) - 4, top + side + random.below(9) - 4];
  });
}

describe('landmarks beside those of dlib, rounded to whole pixels', { skip: dlibMissing || clipsMissing }, () => {
  it("are the same in dlib's boxes on stills, grey and RGB", async () => {
    const requests = readFaces().flatMap(({ image }) => [
      { image, boxes: [], detect: true },
      { image: luma(image), boxes: [], detect: true },
    ]);
    assert.ok((await assertDlibPoints(requests)) >= requests.length);
  });

  it("are the same in dlib's boxes on frames of clips", async () => {
    const clips = [clipFiles('asl', '.mkv')[0]!, join(sharedData, 'video', 'head-pose-face-detection-male.gif')];
    const frames = clips.flatMap((file) => readFrames(file, 60).filter((_, index) => index % 15 === 0));
    const requests = frames.map((image) => ({ image, boxes: [], detect: true }));
    assert.ok((await assertDlibPoints(requests)) >= 4);
  });

  it('are the same in boxes anywhere, partly or wholly outside of the image, tiny and huge', async () => {
    const random = new SeededRandom(1);
    const requests = readFaces().map(({ image: rgb }) => {
      const image = luma(rgb);
      const { width, height } = image;
      const odd: Edges[] = [
        [0, 0, 0, 0],
        [5, 5, 6, 6],
        [10, 10, 10, 40],
        [20, 10, 60, 10],
        [0, 0, width - 1, height - 1],
        [-width, -height, 2 * width, 2 * height],
        [-50000, -50000, 50000, 50000],
        [width - 20, height - 20, width + 60, height + 60],
        [-400, -400, -300, -300],
      ];
      // Spans of a power of two, in which places between two pixels are exact.
      const exact = [32, 64, 128, 256, 512].map((span): Edges => [7, 3, 7 + span, 3 + span]);
      return { image, boxes: [...odd, ...exact, ...randomBoxes(image, 40, random)], detect: false };
    });
    assert.equal(await assertDlibPoints(requests), 7 * (9 + 5 + 40));
  });

  it('are the same on noise, and on images of a pixel', async () => {
    const random = new SeededRandom(2);
    const requests = [
      [300, 200],
      [1, 1],
      [1, 50],
    ].map(([width, height]) => {
      const image = { data: Uint8Array.from({ length: width! * height! }, () => random.below(256)), width: width!, height: height! }; // biome-ignore format: short
      return { image, boxes: randomBoxes(image, 50, random), detect: false };
    });
    assert.equal(await assertDlibPoints(requests), 150);
  });
});
