import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linearScale, niceTicks, tickText, wholeTicks } from '../../../src/report/charts/scale.js';

describe('a linear scale', () => {
  it('maps ends to ends, downwards too', () => {
    const scale = linearScale(10, 20, 200, 100);
    assert.deepEqual([10, 15, 20].map(scale), [200, 150, 100]);
  });

  it('gives a number where both ends are the same', () => {
    assert.equal(linearScale(3, 3, 0, 100)(3), 0);
  });
});

describe('ticks', () => {
  it('are round and reach beyond the data', () => {
    assert.deepEqual(niceTicks(0, 1.93, 4), [0, 0.5, 1, 1.5, 2]);
    assert.deepEqual(niceTicks(0.917, 1, 4), [0.9, 0.95, 1]);
    assert.deepEqual(niceTicks(0, 3000, 4), [0, 1000, 2000, 3000]);
    for (const [low, high] of [
      [0, 1e-9],
      [-3, 7],
      [0.31, 0.312],
      [5, 5],
    ] as const) {
      const ticks = niceTicks(low, high);
      assert.ok(ticks[0]! <= low && ticks.at(-1)! >= high && ticks.length >= 2 && ticks.length <= 9, `${ticks}`);
    }
  });

  it('of whole numbers are all of them or round ones', () => {
    assert.deepEqual(wholeTicks(1, 5, 7), [1, 2, 3, 4, 5]);
    assert.deepEqual(wholeTicks(1, 400, 7), [100, 200, 300, 400]);
    assert.deepEqual(wholeTicks(4, 4, 7), [4]);
  });

  it('have as many digits as tell them apart', () => {
    const text = (ticks: number[]) => ticks.map((tick) => tickText(tick, ticks));
    assert.deepEqual(text([0, 0.5, 1]), ['0.0', '0.5', '1.0']);
    assert.deepEqual(text([0.9, 0.95, 1]), ['0.90', '0.95', '1.00']);
    assert.deepEqual(text([0, 1000, 2000]), ['0', '1000', '2000']);
    assert.deepEqual(text([0, 5e-10, 1e-9]), ['0', '5e-10', '1e-9']);
  });
});
