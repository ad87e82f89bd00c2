import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blurred, covered, darkened, faceWidth, movedAcross, shrunk } from '../../bench/face_damage.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { blankImage } from '../support/clips.js';

/** A white cross on black in 200 x 200 pixels, with eyes at a third of the height. */
function face(): { image: RgbImage; landmarks: Float32Array } {
  const image = blankImage(200, 200, 0);
  for (let at = 0; at < 200; at++) image.data.fill(255, 3 * (at * 200 + 100), 3 * (at * 200 + 101));
  image.data.fill(255, 3 * 100 * 200, 3 * 101 * 200);
  const landmarks = new Float32Array(136).fill(100);
  for (let point = 36; point < 48; point++) {
    landmarks[2 * point] = point < 42 ? 70 + 2 * (point - 36) : 124 + 2 * (point - 42);
    landmarks[2 * point + 1] = 70;
  }
  return { image, landmarks };
}

function brightness({ data }: RgbImage): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

describe('damage to faces', () => {
  it('covers what it says, and nothing else', () => {
    const { image, landmarks } = face();
    const grey = covered({ image, landmarks }, 'lower', 'grey');
    const pixel = (x: number, y: number) => grey.data[3 * (y * 200 + x)];
    assert.equal(pixel(100, 100), 128);
    assert.equal(pixel(100, 40), 255);
    assert.equal(pixel(100, 199), 255);
    assert.equal(pixel(5, 50), 0);
  });

  it('keeps the light when it blurs, along one axis when it moves', () => {
    const { image, landmarks } = face();
    const soft = blurred({ image, landmarks }, 0.05);
    assert.ok(Math.abs(brightness(soft) - brightness(image)) < 1);
    assert.ok(soft.data[3 * (40 * 200 + 100)]! < 60);
    const moved = movedAcross({ image, landmarks }, 0.1);
    assert.ok(moved.data[3 * (40 * 200 + 100)]! < 60);
    assert.equal(moved.data[3 * (100 * 200 + 40)], 255);
  });

  it('shrinks a face to a width, and enlarges none', () => {
    const { image, landmarks } = face();
    const width = faceWidth(landmarks);
    const small = shrunk({ image, landmarks }, width / 4);
    assert.equal(small.width, 50);
    assert.ok(Math.abs(brightness(small) - brightness(image)) < 1);
    assert.equal(shrunk({ image, landmarks }, 2 * width), image);
  });

  it('darkens with noise that is the same for the same seed', () => {
    const { image, landmarks } = face();
    const dark = darkened({ image, landmarks }, 0.2, 6, 1);
    assert.ok(dark.data[3 * (100 * 200 + 40)]! < 80);
    assert.deepEqual(darkened({ image, landmarks }, 0.2, 6, 1).data, dark.data);
    assert.notDeepEqual(darkened({ image, landmarks }, 0.2, 6, 2).data, dark.data);
  });
});
