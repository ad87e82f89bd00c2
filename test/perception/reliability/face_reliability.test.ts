import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { blurred, covered, darkened, shrunk } from '../../../bench/face_damage.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { landmarksOfStill } from '../../../src/perception/landmarks_of_still.js';
import { loadLandmarkExtractor } from '../../../src/perception/load_landmark_extractor.js';
import { Perception } from '../../../src/perception/perception.js';
import {
  faceReliability,
  LEAST_RELIABILITY,
  landmarkSpread,
  reliabilityOfStill,
  shiftedSquare,
} from '../../../src/perception/reliability/face_reliability.js';
import { clipFiles, clipsMissing, readFrames } from '../../support/clips.js';

const CLEAR = { eyePixels: 60, sharpness: 0.35, contrast: 15, turn: 0, nod: 0.36 };

describe('faceReliability', () => {
  it('is 1 for a clear face from the front', () => {
    assert.equal(faceReliability(CLEAR, 0.01), 1);
  });

  it('falls with each thing that hides the face, to almost 0', () => {
    const worse = [
      { eyePixels: 12 },
      { sharpness: 0.24 },
      { contrast: 4 },
      { turn: 0.4 },
      { turn: -0.4 },
      { nod: 0 },
      { nod: 0.7 },
    ];
    for (const change of worse) {
      const reliability = faceReliability({ ...CLEAR, ...change }, 0.01);
      assert.ok(reliability > 0.1 && reliability < 0.9, `${JSON.stringify(change)}: ${reliability}`);
    }
    const middle = faceReliability(CLEAR, 0.05);
    assert.ok(middle > 0.1 && middle < 0.9, `${middle}`);
    const worst = [{ eyePixels: 3 }, { sharpness: 0 }, { contrast: 0 }, { turn: 1 }, { nod: 1 }];
    for (const change of worst) assert.equal(faceReliability({ ...CLEAR, ...change }, 0.01), LEAST_RELIABILITY);
    assert.equal(faceReliability(CLEAR, 0.2), LEAST_RELIABILITY);
  });

  it('multiplies what is known of the face', () => {
    const [small, turned] = [{ eyePixels: 12 }, { turn: 0.4 }];
    const both = faceReliability({ ...CLEAR, ...small, ...turned }, 0.01);
    const each = faceReliability({ ...CLEAR, ...small }, 0.01) * faceReliability({ ...CLEAR, ...turned }, 0.01);
    assert.ok(Math.abs(both - each) < 1e-12);
  });
});

it('landmarkSpread is in distances of the outer eye corners', () => {
  const first = new Float32Array(136);
  first[2 * 45] = 50;
  const second = first.map((value, at) => value + (at % 2 === 0 ? 3 : 4));
  assert.ok(Math.abs(landmarkSpread(first, second) - 0.1) < 1e-6);
});

it('shiftedSquare moves by a small part of the side', () => {
  const shifted = shiftedSquare({ centerX: 10, centerY: 20, side: 100, roll: 0.3 });
  assert.deepEqual(shifted, { centerX: 14, centerY: 23, side: 105, roll: 0.3 });
});

describe('reliabilityOfStill', { skip: clipsMissing }, async () => {
  if (clipsMissing) return;
  const extractor = await loadLandmarkExtractor('face_mesh_attention');
  after(() => extractor.release());
  const clip = clipFiles('.', '.mp4')[0]!;
  // A man of the file webcam_talking.mp4, at rest; the square about him.
  const [image] = readFrames(clip, 1, 10, 'crop=300:300') as [RgbImage];
  const face = (await landmarksOfStill(image, extractor))!;
  const reliabilityIn = async (seen: RgbImage) => {
    const found = await landmarksOfStill(seen, extractor);
    return found === null ? 0 : reliabilityOfStill(seen, found, extractor);
  };

  it('leaves a clear face as it is', async () => {
    const reliability = await reliabilityIn(image);
    assert.ok(reliability > 0.98, `${reliability}`);
  });

  const cases: [what: string, image: () => RgbImage, most: number][] = [
    ['whose lower half is covered', () => covered({ image, landmarks: face.landmarks }, 'lower', 'skin'), 0.3],
    ['whose eyes are covered', () => covered({ image, landmarks: face.landmarks }, 'upper', 'grey'), 0.5],
    ['out of focus', () => blurred({ image, landmarks: face.landmarks }, 0.08), 0.4],
    ['16 pixels wide', () => shrunk({ image, landmarks: face.landmarks }, 16), 0.5],
    ['in the dark', () => darkened({ image, landmarks: face.landmarks }, 0.05, 6, 1), 0.4],
  ];
  for (const [what, make, most] of cases) {
    it(`is low for a face ${what}`, async () => {
      const reliability = await reliabilityIn(make());
      assert.ok(reliability < most, `${reliability}`);
    });
  }

  it('comes with tracked faces: high while they are clear, low once they are covered', async () => {
    const perception = new Perception(extractor, { maxFaces: 1 });
    const seen: number[] = [];
    for (const [index, frame] of readFrames(clip, 40, 0).entries()) {
      const [before] = await perception.process(frame, index / 25);
      seen.push(before!.reliability);
      if (index < 39) continue;
      const hidden = covered({ image: frame, landmarks: before!.landmarks }, 'lower', 'skin');
      const [after] = await perception.process(hidden, (index + 1) / 25);
      assert.ok(after === undefined || after.reliability < 0.3, `${after?.reliability}`);
    }
    assert.ok(Math.min(...seen) > 0.9, `${Math.min(...seen)}`);
    assert.ok(seen.toSorted((a, b) => a - b)[20]! > 0.98);
  });
});
