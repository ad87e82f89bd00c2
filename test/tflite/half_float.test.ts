import assert from 'node:assert/strict';
import { it } from 'node:test';
import { floatsOfHalves } from '../../src/tflite/half_float.js';

function floatOf(bits: number): number {
  return floatsOfHalves(Uint8Array.of(bits & 0xff, bits >> 8))[0]!;
}

it('widens halves of every kind', () => {
  assert.equal(floatOf(0x3c00), 1);
  assert.equal(floatOf(0xc000), -2);
  assert.equal(floatOf(0x3555), 0.333251953125);
  assert.equal(floatOf(0x7bff), 65504);
  assert.equal(floatOf(0x0400), 2 ** -14);
  assert.equal(floatOf(0x03ff), 1023 * 2 ** -24);
  assert.equal(floatOf(0x0001), 2 ** -24);
  assert.ok(Object.is(floatOf(0x8000), -0));
  assert.equal(floatOf(0x7c00), Infinity);
  assert.equal(floatOf(0xfc00), -Infinity);
  assert.ok(Number.isNaN(floatOf(0x7e00)));
});

it('keeps the order of all finite halves, and their signs', () => {
  let before = -1;
  for (let bits = 0; bits < 0x7c00; bits++) {
    const value = floatOf(bits);
    assert.ok(value > before, `${bits}`);
    assert.equal(floatOf(bits | 0x8000), -value);
    before = value;
  }
});
