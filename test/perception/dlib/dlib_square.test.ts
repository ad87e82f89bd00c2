import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { squareOfDetection, squareOfLandmarks, transformOfSquare } from '../../../src/perception/dlib/dlib_square.js';
import { pointsInImage } from '../../../src/perception/dlib/predict_shape.js';
import { parseShapePredictor } from '../../../src/perception/dlib/shape_predictor.js';
import type { ImageSquare } from '../../../src/perception/image/sample_square.js';
import { predictorBytes } from '../../support/dlib_bytes.js';

const predictor = parseShapePredictor(predictorBytes(), 'small.dat');
// A shape with an extent in both directions: points about a circle.
const shape = Float32Array.from({ length: 136 }, (_, at) => 0.5 + 0.4 * Math.sin(at * 0.37 + (at % 2) * 1.1));
const round = { ...predictor, initialShape: shape };

function assertNear(actual: ImageSquare, expected: ImageSquare, within: number): void {
  for (const key of ['centerX', 'centerY', 'side', 'roll'] as const) {
    assert.ok(Math.abs(actual[key] - expected[key]) < within, `${key} is ${actual[key]}, not ${expected[key]}`);
  }
}

describe('transformOfSquare', () => {
  it("takes the box's corners to the middles of its first and its last pixel", () => {
    // The pixels 10 to 109 and 20 to 119.
    const transform = transformOfSquare({ centerX: 60, centerY: 70, side: 100, roll: 0 });
    const { xx, xy, x0, yx, yy, y0 } = transform;
    assert.deepEqual([xx, xy, x0, yx, yy, y0].map((value) => value + 0), [99, 0, 10, 0, 99, 20]); // biome-ignore format: short
  });

  it('turns about the middle', () => {
    const { xx, xy, x0, yx, yy, y0 } = transformOfSquare({ centerX: 60, centerY: 70, side: 100, roll: 0.3 });
    assert.ok(Math.abs((xx + xy) / 2 + x0 - 59.5) < 1e-9 && Math.abs((yx + yy) / 2 + y0 - 69.5) < 1e-9);
    assert.ok(Math.abs(Math.atan2(yx, xx) - 0.3) < 1e-9);
  });
});

describe('squareOfLandmarks', () => {
  for (const square of [
    { centerX: 60, centerY: 70, side: 100, roll: 0 },
    { centerX: -12.5, centerY: 300, side: 33, roll: -0.8 },
    { centerX: 500, centerY: 5, side: 400, roll: 2 },
  ]) {
    it(`is the square in which the mean shape lies so: ${JSON.stringify(square)}`, () => {
      const points = pointsInImage(shape, transformOfSquare(square));
      assertNear(
        squareOfLandmarks(
          round,
          Float32Array.from(points, (value) => value + 0.5),
        ),
        square,
        1e-2,
      );
    });
  }
});

describe('squareOfDetection', () => {
  const detection = (roll: number, points: number[]) => ({
    box: { x: 100, y: 100, width: 80, height: 80 },
    score: 1,
    points: [...points, ...Array<number>(8).fill(0)],
    square: { centerX: 140, centerY: 140, side: 120, roll },
  });

  it('is about as large as the box, a little higher', () => {
    const square = squareOfDetection(detection(0, [125, 120, 155, 120]));
    assertNear(square, { centerX: 140, centerY: 140 - 0.067 * 80, side: 0.98 * 80, roll: 0 }, 1e-6);
  });

  it('goes aside with the eyes of a turned face', () => {
    assert.ok(Math.abs(squareOfDetection(detection(0, [115, 120, 145, 120])).centerX - 130) < 1e-6);
  });

  it('turns with the face', () => {
    const square = squareOfDetection(detection(Math.PI / 2, [160, 125, 160, 155]));
    assertNear(square, { centerX: 140 + 0.067 * 80, centerY: 140, side: 0.98 * 80, roll: Math.PI / 2 }, 1e-6);
  });
});
