import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clipBox, intersectionOverUnion, relativeCenterDistance } from '../../../src/perception/faces/box.js';

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

describe('clipBox', () => {
  for (const { given, expected } of [
    { given: box(2, 3, 4, 5), expected: box(2, 3, 4, 5) },
    { given: box(-2, -3, 10, 10), expected: box(0, 0, 8, 7) },
    { given: box(95, 45, 10, 10), expected: box(95, 45, 5, 5) },
    { given: box(200, 200, 10, 10), expected: box(100, 50, 0, 0) },
    { given: box(-20, -20, 10, 10), expected: box(0, 0, 0, 0) },
  ]) {
    it(`takes ${JSON.stringify(given)} to ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(clipBox(given, 100, 50), expected);
    });
  }
});
