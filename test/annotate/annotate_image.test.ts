import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnnotatedFace, annotateImage, faceLabel } from '../../src/annotate/annotate_image.js';
import { blankImage } from '../support/clips.js';

const landmarks = new Float32Array(136).fill(60);

function face(confidence: number, std: number, repeats = 100, box = { x: 40, y: 60, width: 80, height: 80 }) {
  const estimate = {
    category: 'Happy',
    categoryIndex: 1,
    confidence,
    logits: new Float32Array(2),
    mean: new Float32Array([1 - confidence, confidence]),
    std: new Float32Array([std, std]),
    predictiveEntropy: 0.3,
    mutualInformation: 0.1,
    repeats,
  };
  return { trackId: 3, box, landmarks, expression: { estimate, windowSpanSeconds: 0.3 } } satisfies AnnotatedFace;
}

const pixel = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

describe('annotateImage', () => {
  it('draws box, landmarks and plate into a copy', () => {
    const image = blankImage(320, 240, 100);
    const annotated = annotateImage(image, [face(0.5, 0.1)]);
    assert.ok(image.data.every((value) => value === 100));
    assert.deepEqual(pixel(annotated, 40, 100), [0, 200, 140], 'the left edge, in the colour of the third track');
    assert.deepEqual(pixel(annotated, 120, 140), [0, 200, 140], 'the lower right corner');
    assert.ok(pixel(annotated, 60, 59)[0]! > 240, 'a landmark at (60, 60)');
    assert.deepEqual(pixel(annotated, 90, 110), [100, 100, 100], 'within the box');
    assert.deepEqual(pixel(annotated, 300, 200), [100, 100, 100], 'far from the face');
    assert.ok(pixel(annotated, 44, 52)[0]! < 60, 'the plate above the box is dark');
  });

  it('fills the bar as far as the category is probable', () => {
    const filled = (confidence: number) => {
      const { data } = annotateImage(blankImage(320, 240, 0), [face(confidence, 0, 0)]);
      let count = 0;
      for (let at = 0; at < data.length; at += 3) if (data[at] === 0 && data[at + 1] === 200) count++;
      return count;
    };
    const [none, half, whole] = [filled(0), filled(0.5), filled(1)] as const;
    assert.ok(Math.abs(half - (none + whole) / 2) < 0.1 * (whole - none), `${none} ${half} ${whole}`);
    assert.ok(whole > none + 100);
  });

  it('keeps plates of faces at every edge within the image', () => {
    for (const [x, y] of [
      [-30, -30],
      [290, -20],
      [-20, 200],
      [300, 210],
      [0, 0],
    ] as const) {
      const size = x === 0 ? { width: 320, height: 240 } : { width: 60, height: 60 };
      const expected = annotateImage(blankImage(320, 240, 0), [face(0.5, 0.1, 100, { x: 100, y: 100, ...size })]);
      const moved = annotateImage(blankImage(320, 240, 0), [face(0.5, 0.1, 100, { x, y, ...size })]);
      const whites = (data: Uint8Array) => data.filter((value, i) => i % 3 === 0 && value > 200).length;
      assert.ok(Math.abs(whites(moved.data) - whites(expected.data)) < 12, `${x} ${y}`);
    }
  });

  it('takes images that are smaller than a plate, and faces outside of them', () => {
    for (const size of [1, 5, 20]) {
      const { data } = annotateImage(blankImage(size, size, 9), [
        face(1, 0.2),
        face(0, 0, 1, { x: -900, y: 900, width: 1, height: 1 }),
      ]);
      assert.equal(data.length, 3 * size * size);
    }
  });
});

describe('faceLabel', () => {
  it('has category, probability and spread in percent; none without dropout', () => {
    assert.equal(faceLabel(face(0.874, 0.046)), '3  Happy 87 ± 5 %');
    assert.equal(faceLabel(face(0.874, 0, 0)), '3  Happy 87 %');
    assert.equal(faceLabel({ trackId: 12, expression: undefined }), '12  …');
  });
});
