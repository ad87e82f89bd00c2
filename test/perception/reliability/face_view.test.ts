import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faceView } from '../../../src/perception/reliability/face_view.js';
import { blankImage } from '../../support/clips.js';

/** 68 points about (100, 100): the outer eye corners 60 apart, the nose's tip where it is said. */
function points(tipX: number, tipY: number, roll = 0): Float32Array {
  const face = new Float32Array(136);
  const put = (point: number, x: number, y: number) => {
    face[2 * point] = 100 + Math.cos(roll) * x - Math.sin(roll) * y;
    face[2 * point + 1] = 100 + Math.sin(roll) * x + Math.cos(roll) * y;
  };
  for (let point = 0; point < 68; point++) put(point, (point % 9) * 10 - 40, (point % 7) * 12 - 30);
  for (let point = 36; point < 42; point++) put(point, -30 + 3 * (point - 36), 0);
  for (let point = 42; point < 48; point++) put(point, 15 + (15 * (point - 42)) / 3, 0);
  put(45, 30, 0);
  put(30, tipX, tipY);
  return face;
}

/** Black and white stripes. */
function stripes(width: number, period: number) {
  const image = blankImage(width, width, 0);
  image.data.forEach((_, at) => {
    const pixel = Math.floor(at / 3);
    if (((pixel % width) + Math.floor(pixel / width)) % period < period / 2) image.data[at] = 255;
  });
  return image;
}

describe('faceView', () => {
  it('tells a head that is turned or nods, however it is tilted', () => {
    for (const roll of [0, 0.4]) {
      const view = faceView(blankImage(200, 200, 90), points(12, 24, roll));
      assert.ok(Math.abs(view.eyePixels - 60) < 1e-4);
      assert.ok(Math.abs(view.turn - 0.2) < 1e-5, `${view.turn}`);
      assert.ok(Math.abs(view.nod - 0.4) < 1e-5, `${view.nod}`);
    }
  });

  it('sees nothing in an even image', () => {
    const { sharpness, contrast } = faceView(blankImage(200, 200, 90), points(0, 20));
    assert.deepEqual([sharpness, contrast], [0, 0]);
  });

  it('tells fine from coarse patterns, in any light', () => {
    const fine = faceView(stripes(200, 8), points(0, 20));
    const coarse = faceView(stripes(200, 80), points(0, 20));
    assert.ok(fine.sharpness > 1.3 * coarse.sharpness, `${fine.sharpness} ${coarse.sharpness}`);
    const dim = stripes(200, 8);
    const dimmer = { ...dim, data: dim.data.map((value) => value * 0.4) };
    const inTheDark = faceView(dimmer, points(0, 20));
    assert.ok(Math.abs(inTheDark.sharpness - fine.sharpness) < 0.01);
    assert.ok(inTheDark.contrast < 0.5 * fine.contrast);
  });
});
