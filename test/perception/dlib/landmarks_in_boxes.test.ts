import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { landmarksInBoxes } from '../../../src/perception/dlib/landmarks_in_boxes.js';
import { parseShapePredictor } from '../../../src/perception/dlib/shape_predictor.js';
import { blankImage } from '../../support/clips.js';
import { predictorBytes } from '../../support/dlib_bytes.js';

/** All of its trees go left in a grey image of one value: to its first leaf, which adds 0.5 (and 1 in the second cascade). */
const predictor = parseShapePredictor(predictorBytes(), 'small.dat');
const grey = { data: new Uint8Array(12).fill(90), width: 4, height: 3 };

describe('landmarksInBoxes', () => {
  it('adds what the trees say to the initial shape, in units of each box', () => {
    const boxes = [
      { left: 10, top: -20, right: 138, bottom: 44 },
      { left: 0, top: 0, right: 0, bottom: 0 },
    ];
    const [first, second] = landmarksInBoxes(predictor, grey, boxes);
    // Three trees of 0.5, then three of 1.
    const shape = (at: number) => at / 128 + 4.5;
    for (let at = 0; at < 136; at += 2) {
      assert.equal(first![at], 10 + 128 * shape(at));
      assert.ok(Math.abs(first![at + 1]! - (-20 + 64 * shape(at + 1))) < 1e-4);
    }
    assert.deepEqual([...second!], Array(136).fill(0));
    assert.deepEqual(landmarksInBoxes(predictor, grey, []), []);
  });

  it('gives no half pixel, and stays on the side of it that dlib rounds to', () => {
    // y = top + span * (at / 128 + 4.5): half a pixel exactly at every second point.
    const [points] = landmarksInBoxes(predictor, grey, [{ left: 0, top: 100, right: 128, bottom: 164 }]);
    for (let at = 1; at < 136; at += 2) {
      const exact = 100 + 64 * (at / 128 + 4.5);
      const value = points![at]!;
      assert.equal(Math.floor(value + 0.5), Math.floor(exact + 0.5));
      assert.notEqual(value - Math.floor(value), 0.5);
      assert.ok(Math.abs(value - exact) < 1e-3);
    }
  });

  it('takes an RGB image for the mean of its channels, rounded down', () => {
    const random = (index: number) => (index * 7919 + 13) % 256;
    const data = Uint8Array.from({ length: 60 * 40 * 3 }, (_, index) => random(index));
    const mean = Uint8Array.from({ length: 60 * 40 }, (_, at) =>
      Math.floor((data[3 * at]! + data[3 * at + 1]! + data[3 * at + 2]!) / 3),
    );
    const boxes = [{ left: 5, top: 5, right: 30, bottom: 30 }];
    assert.deepEqual(
      landmarksInBoxes(predictor, { data, width: 60, height: 40 }, boxes),
      landmarksInBoxes(predictor, { data: mean, width: 60, height: 40 }, boxes),
    );
  });

  it('refuses an image whose size does not fit, and boxes that are turned over', () => {
    const box = { left: 0, top: 0, right: 9, bottom: 9 };
    const image = { ...blankImage(4, 3, 0), width: 5 };
    assert.throws(() => landmarksInBoxes(predictor, image, [box]), /the length of the image's data is 36, expected 15/);
    for (const [change, words] of [
      [{ right: -1 }, 'right is -1, expected at least left, which is 0 (from box 1)'],
      [{ bottom: -1 }, 'bottom is -1, expected at least top'],
      [{ left: Number.NaN }, 'left is NaN, expected from -'],
      [{ right: Infinity }, 'right is Infinity, expected from -'],
    ] as const) {
      assert.throws(
        () => landmarksInBoxes(predictor, grey, [box, { ...box, ...change }]),
        (error) => error instanceof InvalidInputError && error.message.startsWith(words),
      );
    }
  });
});
