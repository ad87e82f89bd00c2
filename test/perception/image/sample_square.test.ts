import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { type ImageSquare, sampleSquare, squareToImage } from '../../../src/perception/image/sample_square.js';

/** An image whose red is its column and whose green is its row; blue is 200. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 200], (y * width + x) * 3);
  }
  return { data, width, height };
}

function noiseImage(width: number, height: number, random: SeededRandom): RgbImage {
  return { data: Uint8Array.from({ length: width * height * 3 }, () => random.nextUint32() & 255), width, height };
}

/** The nearest multiple of 1/32, of two the one that is an even number of them: where OpenCV's warpPerspective samples. */
function toThirtySecond(place: number): number {
  const times = place * 32;
  const low = Math.floor(times);
  const isUp = times - low === 0.5 ? low % 2 !== 0 : times - low > 0.5;
  return (isUp ? low + 1 : low) / 32;
}

/** What sampleSquare is to give, 0 to 255, straight from what it says of itself. */
function expectedSamples(image: RgbImage, square: ImageSquare, size: number, edge: boolean, maxStep: number) {
  const { data, width, height } = image;
  const pixel = (x: number, y: number, channel: number) => {
    const isOutside = x < 0 || y < 0 || x >= width || y >= height;
    if (isOutside && !edge) return 0;
    const [column, row] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
    return data[(row * width + column) * 3 + channel]!;
  };
  const samples = Math.max(1, Math.ceil(square.side / size / maxStep - 1e-9));
  const result = new Float64Array(size * size * 3);
  for (let row = 0; row < size * samples; row++) {
    for (let column = 0; column < size * samples; column++) {
      const [imageX, imageY] = squareToImage(square, (column + 0.5) / size / samples, (row + 0.5) / size / samples);
      const [x, y] = [toThirtySecond(imageX - 0.5), toThirtySecond(imageY - 0.5)];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [right, lower] = [x - x0, y - y0];
      const at = (Math.floor(row / samples) * size + Math.floor(column / samples)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const above = pixel(x0, y0, channel) * (1 - right) + pixel(x0 + 1, y0, channel) * right;
        const below = pixel(x0, y0 + 1, channel) * (1 - right) + pixel(x0 + 1, y0 + 1, channel) * right;
        result[at + channel]! += Math.floor(above * (1 - lower) + below * lower + 0.5) / samples ** 2;
      }
    }
  }
  return result;
}

/** The largest difference, of 255, of what it gives from what it is to give. */
function largestError(image: RgbImage, square: ImageSquare, size: number, edge: boolean, maxStep: number): number {
  const expected = expectedSamples(image, square, size, edge, maxStep);
  // Neither the range nor what was in the target before must matter.
  const [low, high] = [-1, 3];
  const target = new Float32Array(size * size * 3).fill(Number.NaN);
  sampleSquare(image, square, size, { border: edge ? 'edge' : 'black', maxStep, range: [low, high], target });
  return target.reduce(
    (largest, value, index) => Math.max(largest, Math.abs(((value - low) / (high - low)) * 255 - expected[index]!)),
    0,
  );
}

describe('sampleSquare', () => {
  it('gives the pixels themselves where the square lies on them', () => {
    const pixels = sampleSquare(ramp(8, 8), { centerX: 4, centerY: 5, side: 4, roll: 0 }, 4);
    assert.deepEqual([...pixels.subarray(0, 9)], [2, 3, 200, 3, 3, 200, 4, 3, 200]);
    assert.deepEqual([...pixels.subarray(-3)], [5, 6, 200]);
  });

  it('interpolates between pixels, at the nearest 1/32 and to the nearest byte', () => {
    const image = { data: Uint8Array.of(0, 0, 0, 32, 64, 255), width: 2, height: 1 };
    const at = (x: number) => [...sampleSquare(image, { centerX: x + 0.5, centerY: 0.5, side: 1, roll: 0 }, 1)];
    assert.deepEqual(at(0.25), [8, 16, 64]);
    // 1/32 and 2/32, of which the latter is even.
    assert.deepEqual(at(1.49 / 32), [1, 2, 8]);
    assert.deepEqual(at(1.5 / 32), [2, 4, 16]);
    assert.deepEqual(at(2.5 / 32), [2, 4, 16]);
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
          // On a ramp, bilinear values are places, here to the nearest 1/32 and the nearest byte; a pixel's middle is at one half.
          const off = 0.5 + 1 / 64 + 1e-9;
          assert.ok(Math.abs(pixels[at]! - (x - 0.5)) <= off, `red ${pixels[at]} at ${x}`);
          assert.ok(Math.abs(pixels[at + 1]! - (y - 0.5)) <= off, `green ${pixels[at + 1]} at ${y}`);
        }
      }
    });
  }

  const random = new SeededRandom(5);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const wholeBetween = (low: number, high: number) => low + random.below(high - low + 1);
  for (const edge of [false, true]) {
    it(`gives what OpenCV's way gives, number by number, ${edge ? "the image's edge" : 'black'} outside`, () => {
      for (let round = 0; round < 400; round++) {
        // An image of one pixel or line now and then, and squares from within a pixel to far beyond the image.
        const image = noiseImage(
          wholeBetween(1, 3) ** wholeBetween(0, 4),
          wholeBetween(1, 3) ** wholeBetween(0, 4),
          random,
        );
        const square = {
          centerX: between(-0.6, 1.6) * image.width,
          centerY: between(-0.6, 1.6) * image.height,
          side: between(0.1, 3) ** 2 * Math.max(image.width, image.height),
          roll: round % 4 === 0 ? ((round % 3) * Math.PI) / 2 : between(-4, 4),
        };
        const [size, maxStep] = [wholeBetween(1, 9), between(1, 30)];
        const error = largestError(image, square, size, edge, maxStep);
        assert.ok(error < 1e-4, JSON.stringify({ error, ...square, size, maxStep, w: image.width, h: image.height }));
      }
    });
  }

  it('does so in images of more than a region, and in small ones after and between them', () => {
    const large = noiseImage(3001, 2003, random);
    const small = noiseImage(31, 17, random);
    for (const roll of [0, 0.7, -2]) {
      const square = { centerX: 1600, centerY: 950, side: 3500, roll };
      assert.ok(largestError(large, square, 37, false, 40) < 1e-4, `${roll}`);
      assert.ok(largestError(small, { centerX: 16, centerY: 9, side: 20, roll }, 21, true, 2) < 1e-4, `${roll}`);
      // The mean of 389 * 389 samples, added up in floats of 32 bits.
      assert.ok(largestError(large, square, 1, true, 9) < 0.01, `${roll}, one pixel`);
    }
  });

  it('sees what has changed in an image', () => {
    const image = noiseImage(8, 8, random);
    const square = { centerX: 4, centerY: 4, side: 8, roll: 0 };
    assert.deepEqual([...sampleSquare(image, square, 8)], [...image.data]);
    image.data.fill(7);
    assert.ok(sampleSquare(image, square, 8).every((value) => value === 7));
  });

  it('takes squares however far away', () => {
    const image = noiseImage(5, 4, random);
    for (const place of [1e5, -1e12, 1e300]) {
      const square = { centerX: place, centerY: 2, side: 3, roll: 0.2 };
      assert.ok(sampleSquare(image, square, 4).every((value) => value === 0));
      const corner = Array.from(image.data.subarray(place < 0 ? 0 : 12, place < 0 ? 3 : 15));
      const edge = sampleSquare(image, { ...square, centerY: -Math.abs(place) }, 1, { border: 'edge' });
      assert.deepEqual([...edge], corner);
    }
  });

  it('refuses an image with more or fewer bytes than its size says', () => {
    const square = { centerX: 2, centerY: 2, side: 3, roll: 0 };
    const { data } = noiseImage(4, 4, random);
    for (const image of [
      { data: data.subarray(1), width: 4, height: 4 },
      { data, width: 4, height: 3 },
      { data: new Uint8Array(0), width: 0, height: 0 },
    ]) {
      assert.throws(() => sampleSquare(image, square, 2), InvalidInputError);
    }
  });

  it('refuses squares that are nowhere', () => {
    const square = { centerX: Number.NaN, centerY: 2, side: 3, roll: 0 };
    assert.throws(() => sampleSquare(noiseImage(4, 4, random), square, 2), InvalidInputError);
  });
});
