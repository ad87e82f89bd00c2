import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faceCandidates } from '../../../src/perception/mediapipe/face_candidates.js';

interface Answer {
  readonly place: number;
  readonly logit: number;
  /** The box's centre relative to the anchor, its width and height; then points. */
  readonly values: readonly number[];
}

/** What the detector gives where it sees something at some of its 896 places only. */
function answersOf(...answers: readonly Answer[]): [boxes: Float32Array, scores: Float32Array] {
  const boxes = new Float32Array(896 * 16);
  const scores = new Float32Array(896).fill(-20);
  for (const { place, logit, values } of answers) {
    boxes.set(values, place * 16);
    scores[place] = logit;
  }
  return [boxes, scores];
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-4, `${actual}, expected ${expected}`);
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('faceCandidates', () => {
  it('lays boxes and points relative to the middles of two grids: 16 x 16 by twos, then 8 x 8 by sixes', () => {
    // Cells are 8 and 16 pixels wide; 512 places come before the second grid.
    for (const { place, x, y } of [
      { place: 0, x: 4, y: 4 },
      { place: 1, x: 4, y: 4 },
      { place: 2, x: 12, y: 4 },
      { place: 32, x: 4, y: 12 },
      { place: 511, x: 124, y: 124 },
      { place: 512, x: 8, y: 8 },
      { place: 517, x: 8, y: 8 },
      { place: 518, x: 24, y: 8 },
      { place: 560, x: 8, y: 24 },
      { place: 895, x: 120, y: 120 },
    ]) {
      const values = [1, -2, 20, 10, ...Array.from({ length: 12 }, (_, index) => index)];
      const [face, ...others] = faceCandidates(...answersOf({ place, logit: 2, values }), 0.5);
      assert.equal(others.length, 0);
      near(face!.score, sigmoid(2));
      near(face!.box.x, x + 1 - 10);
      near(face!.box.y, y - 2 - 5);
      near(face!.box.width, 20);
      near(face!.box.height, 10);
      face!.points.forEach((value, index) => {
        near(value, index + (index % 2 === 0 ? x : y));
      });
    }
  });

  it('leaves out what is less sure', () => {
    const values = [0, 0, 20, 20];
    const answers = answersOf({ place: 0, logit: 1, values }, { place: 300, logit: -1, values });
    assert.equal(faceCandidates(...answers, 0.5).length, 1);
    assert.equal(faceCandidates(...answers, 0.2).length, 2);
    assert.equal(faceCandidates(...answers, 0.8).length, 0);
    assert.equal(faceCandidates(...answersOf(), 0.5).length, 0);
  });

  it('takes the mean by score of what is of one face, with the score of the best', () => {
    const [face, ...others] = faceCandidates(
      ...answersOf(
        { place: 0, logit: 1, values: [0, 0, 20, 20, 5, 5] },
        { place: 1, logit: 3, values: [2, 1, 20, 24, 8, 5] },
      ),
      0.5,
    );
    assert.equal(others.length, 0);
    const [low, high] = [sigmoid(1), sigmoid(3)];
    const mean = (first: number, second: number) => (low * first + high * second) / (low + high);
    near(face!.score, high);
    near(face!.box.x, mean(4 - 10, 4 + 2 - 10));
    near(face!.box.y, mean(4 - 10, 4 + 1 - 12));
    near(face!.box.width, 20);
    near(face!.box.height, mean(20, 24));
    near(face!.points[0]!, mean(4 + 5, 4 + 8));
  });

  it('keeps faces that overlap little apart, best first', () => {
    // 20 wide, 10.6 apart: they share 0.307 of their union; 10.9 apart 0.294.
    for (const { apart, faces } of [
      { apart: 10.6, faces: 1 },
      { apart: 10.9, faces: 2 },
    ]) {
      const found = faceCandidates(
        ...answersOf(
          { place: 0, logit: 1, values: [0, 0, 20, 20] },
          { place: 1, logit: 2, values: [apart, 0, 20, 20] },
        ),
        0.5,
      );
      assert.equal(found.length, faces, `${apart} apart`);
      near(found[0]!.score, sigmoid(2));
    }
  });

  it('ends with boxes that have no area', () => {
    const values = [0, 0, 0, 0];
    assert.equal(
      faceCandidates(...answersOf({ place: 0, logit: 1, values }, { place: 1, logit: 2, values }), 0.5).length,
      2,
    );
  });
});
