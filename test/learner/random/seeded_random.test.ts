import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';

const COUNT = 100_000;

describe('SeededRandom', () => {
  it('repeats itself for a seed and stream, and for no other', () => {
    const first = (seed: number, stream: number) =>
      Array.from(
        { length: 8 },
        (
          (random) => () =>
            random.nextUint32()
        )(new SeededRandom(seed, stream)),
      );
    assert.deepEqual(first(7, 1), first(7, 1));
    const others = [first(7, 2), first(8, 1), first(7 + 2 ** 40, 1), first(-7, 1)];
    for (const other of others) assert.notDeepEqual(other, first(7, 1));
  });

  it('is uniform', () => {
    const random = new SeededRandom(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < COUNT; i++) bins[Math.floor(10 * random.uniform())]!++;
    // Chi-squared with 9 degrees of freedom exceeds 27.9 once in a thousand.
    const expected = COUNT / 10;
    assert.ok(bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) < 27.9, bins.join());
  });

  it('is normal', () => {
    const random = new SeededRandom(1);
    const values = Array.from({ length: COUNT }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
    assert.ok(Math.abs(mean) < 0.01 && Math.abs(variance - 1) < 0.02, `mean ${mean}, variance ${variance}`);
    const beyond = values.filter((value) => Math.abs(value) > 1.96).length / COUNT;
    assert.ok(Math.abs(beyond - 0.05) < 0.003, `${beyond}`);
  });

  for (const rate of [0.1, 0.2, 0.5, 0.7, 0.9, 0]) {
    it(`drops a share of ${rate}, neighbours independently`, () => {
      const mask = new Uint8Array(COUNT + 1);
      new SeededRandom(2).fillKeepMask(mask, rate);
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      assert.ok(Math.abs(dropped - rate) < 0.005, `${dropped}`);
      const pairs = mask.filter((value, i) => value === 0 && mask[i + 1] === 0).length / mask.length;
      assert.ok(Math.abs(pairs - rate * rate) < 0.005, `${pairs}`);
    });
  }

  it('drops exactly as often as the rate says, though four elements come out of a word', () => {
    const mask = new Uint8Array(40 * COUNT);
    for (const rate of [0.2, 0.499, 0.7]) {
      new SeededRandom(4).fillKeepMask(mask, rate);
      const dropped = mask.reduce((count, value) => count + 1 - value, 0);
      // Four standard deviations; eight bits of a byte alone would be 20 or more away.
      const deviation = Math.sqrt(mask.length * rate * (1 - rate));
      assert.ok(Math.abs(dropped - mask.length * rate) < 4 * deviation, `${dropped} at ${rate}`);
    }
  });

  it('fills a mask of any length, wherever it lies in its buffer', () => {
    const aligned = new Uint8Array(23);
    new SeededRandom(5).fillKeepMask(aligned, 0.5);
    const shifted = new Uint8Array(30).fill(7);
    new SeededRandom(5).fillKeepMask(shifted.subarray(3, 26), 0.5);
    assert.deepEqual(shifted.subarray(3, 26), aligned);
    assert.deepEqual([...shifted.subarray(0, 3), ...shifted.subarray(26)], [7, 7, 7, 7, 7, 7, 7]);
  });

  it('continues where a mask left off', () => {
    const random = new SeededRandom(3);
    const [a, b] = [new Uint8Array(1000), new Uint8Array(1000)];
    random.fillKeepMask(a, 0.5);
    random.fillKeepMask(b, 0.5);
    assert.notDeepEqual(a, b);
  });
});
