import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intersectionOverUnion, relativeCenterDistance } from '../../../src/perception/faces/box.js';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe('intersectionOverUnion', () => {
  for (const { a, b, expected } of [
    { a: box(0, 0, 10, 10), b: box(0, 0, 10, 10), expected: 1 },
    { a: box(0, 0, 10, 10), b: box(5, 0, 10, 10), expected: 1 / 3 },
    { a: box(0, 0, 10, 10), b: box(2, 2, 5, 5), expected: 0.25 },
    { a: box(0, 0, 10, 10), b: box(10, 0, 10, 10), expected: 0 },
    { a: box(0, 0, 10, 10), b: box(20, 20, 1, 1), expected: 0 },
    { a: box(0, 0, 10, 10), b: box(-5, -5, 10, 10), expected: 25 / 175 },
  ]) {
    it(`is ${expected.toFixed(3)} for ${JSON.stringify(b)} on ${JSON.stringify(a)}`, () => {
      assert.ok(Math.abs(intersectionOverUnion(a, b) - expected) < 1e-12);
      assert.equal(intersectionOverUnion(b, a), intersectionOverUnion(a, b));
    });
  }
});

it('relativeCenterDistance is in face sizes', () => {
  assert.equal(relativeCenterDistance(box(0, 0, 10, 10), box(0, 0, 10, 10)), 0);
  assert.equal(relativeCenterDistance(box(0, 0, 10, 10), box(10, 0, 10, 10)), 1);
  assert.equal(relativeCenterDistance(box(0, 0, 20, 20), box(0, 20, 20, 20)), 1);
});
