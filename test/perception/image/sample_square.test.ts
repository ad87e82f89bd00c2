import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleSquare, squareToImage } from '../../../src/perception/image/sample_square.js';

/** An image whose red is its column and whose green is its row; blue is 200. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 200], (y * width + x) * 3);
  }
  return { data, width, height };
}

describe('sampleSquare', () => {
  it('gives the pixels themselves where the square lies on them', () => {
    const pixels = sampleSquare(ramp(8, 8), { centerX: 4, centerY: 5, side: 4, roll: 0 }, 4);
    assert.deepEqual([...pixels.subarray(0, 9)], [2, 3, 200, 3, 3, 200, 4, 3, 200]);
    assert.deepEqual([...pixels.subarray(-3)], [5, 6, 200]);
  });

  it('interpolates between pixels', () => {
    const [red, green] = sampleSquare(ramp(8, 8), { centerX: 3.25, centerY: 4.75, side: 1, roll: 0 }, 1);
    assert.deepEqual([red, green], [2.75, 4.25]);
  });

  for (const scale of [2, 3, 4, 7]) {
    it(`averages all pixels when it shrinks ${scale} times`, () => {
      const noise = { data: new Uint8Array(56 * 56 * 3), width: 56, height: 56 };
      // Black and white columns: a sampler that aliases gives one or the other.
      for (let at = 0; at < noise.data.length; at++) noise.data[at] = Math.floor(at / 3) % 2 === 0 ? 0 : 255;
      const size = Math.floor(28 / scale);
      const square = { centerX: 28, centerY: 28, side: size * scale, roll: 0 };
      for (const value of sampleSquare(noise, square, size)) {
        assert.ok(Math.abs(value - 127.5) < 70, `${value} at ${scale}`);
      }
    });
  }

  it('is black outside of the image', () => {
    const white = { data: new Uint8Array(4 * 4 * 3).fill(255), width: 4, height: 4 };
    const pixels = sampleSquare(white, { centerX: 4, centerY: 2, side: 4, roll: 0 }, 4);
    assert.deepEqual([...pixels.subarray(0, 12)], [255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0]);
    assert.ok(sampleSquare(white, { centerX: 40, centerY: -9, side: 4, roll: 1 }, 4).every((value) => value === 0));
  });

  for (const roll of [0, 0.3, -1.2, Math.PI / 2]) {
    it(`turns by ${roll} as squareToImage says`, () => {
      const square = { centerX: 30.3, centerY: 25.9, side: 20, roll };
      const size = 5;
      const pixels = sampleSquare(ramp(64, 64), square, size);
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const [x, y] = squareToImage(square, (column + 0.5) / size, (row + 0.5) / size);
          const at = (row * size + column) * 3;
          // On a ramp, bilinear values are exact; a pixel's middle is at one half.
          assert.ok(Math.abs(pixels[at]! - (x - 0.5)) < 1e-3, `red ${pixels[at]} at ${x}`);
          assert.ok(Math.abs(pixels[at + 1]! - (y - 0.5)) < 1e-3, `green ${pixels[at + 1]} at ${y}`);
        }
      }
    });
  }
});
