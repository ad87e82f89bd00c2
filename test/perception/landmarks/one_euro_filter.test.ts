import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { OneEuroFilter } from '../../../src/perception/landmarks/one_euro_filter.js';

/** A point that trembles about a place, through a filter: the standard deviation of what comes out over what went in. */
function tremblingLeft(faceSize: number): number {
  const random = new SeededRandom(1);
  const filter = new OneEuroFilter(2);
  let inSquares = 0;
  let outSquares = 0;
  for (let image = 0; image < 300; image++) {
    const noise = Float32Array.from([random.normal(), random.normal()], (value) => 0.005 * faceSize * value);
    const out = filter.filter(noise, image / 30, faceSize);
    if (image < 30) continue;
    inSquares += noise[0]! ** 2;
    outSquares += out[0]! ** 2;
  }
  return Math.sqrt(outSquares / inSquares);
}

describe('OneEuroFilter', () => {
  it('takes most of the trembling away, alike at every size', () => {
    const left = tremblingLeft(100);
    assert.ok(left < 0.6, `${left} of the trembling is left`);
    assert.ok(Math.abs(tremblingLeft(400) - left) < 1e-4);
  });

  it('follows a fast point more closely than a slow one, for its speed', () => {
    const lagSeconds = (speed: number) => {
      const filter = new OneEuroFilter(2);
      let out: Float32Array = new Float32Array(2);
      for (let image = 0; image <= 60; image++) out = filter.filter(Float32Array.of(speed * image, 0), image / 30, 100);
      return (speed * 60 - out[0]!) / speed / 30;
    };
    assert.ok(lagSeconds(5) < lagSeconds(0.05) / 2, `${lagSeconds(5)} against ${lagSeconds(0.05)}`);
  });

  it('gives a point at rest back, and starts anew where stamps go back', () => {
    const filter = new OneEuroFilter(3);
    const point = Float32Array.of(3, 4, 5);
    for (let image = 0; image < 5; image++) assert.deepEqual(filter.filter(point, image, 10), point);
    const far = Float32Array.of(90, 80, 70);
    assert.deepEqual(filter.filter(far, 2, 10), far);
  });

  it('refuses what is no stamp, no size and no option', () => {
    const filter = new OneEuroFilter(2);
    assert.throws(() => filter.filter(new Float32Array(2), Number.NaN, 1), InvalidInputError);
    assert.throws(() => filter.filter(new Float32Array(2), 1, 0), InvalidInputError);
    assert.throws(() => new OneEuroFilter(2, { beta: -1 }), /beta is -1/);
  });
});
