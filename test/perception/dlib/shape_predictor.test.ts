import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { parseShapePredictor } from '../../../src/perception/dlib/shape_predictor.js';
import { cutFiles, damagedFiles, readDamaged } from '../../support/damage.js';
import { integerBytes, predictorBytes, type SmallPredictor } from '../../support/dlib_bytes.js';

const parse = (bytes: Uint8Array) => parseShapePredictor(bytes, 'small.dat');

describe('parseShapePredictor', () => {
  it('reads what dlib serializes', () => {
    const predictor = parse(predictorBytes());
    const { cascades, trees, depth, pixels, initialShape, leaves } = predictor;
    assert.deepEqual({ cascades, trees, depth, pixels }, { cascades: 2, trees: 3, depth: 2, pixels: 4 });
    assert.deepEqual(
      [...initialShape],
      Array.from({ length: 136 }, (_, at) => at / 128),
    );
    assert.deepEqual([...predictor.firstPixels], Array(18).fill(3));
    assert.deepEqual([...predictor.secondPixels], Array(6).fill([0, 1, 2]).flat());
    assert.deepEqual([...predictor.thresholds], Array(18).fill(-21));
    assert.deepEqual([...predictor.anchors], Array(8).fill(67));
    assert.deepEqual([...predictor.deltas], Array(16).fill(-0.125));
    assert.equal(leaves.length, 2 * 3 * 4 * 136);
    const leaf = (cascade: number, tree: number, at: number) => leaves[((cascade * 3 + tree) * 4 + at) * 136]!;
    assert.deepEqual([leaf(0, 0, 0), leaf(0, 2, 3), leaf(1, 1, 1)], [0.5, 2, 2]);
  });

  it('reads numbers of every length', () => {
    for (const leafValue of [0, 1, -3, 0.1, 2 ** -60, -(2 ** -20) / 3, 1 / 3]) {
      assert.equal(parse(predictorBytes({ leafValue })).leaves[0], Math.fround(leafValue), String(leafValue));
    }
  });

  const refused: { name: string; changes: Partial<SmallPredictor>; words: string }[] = [
    { name: 'another version', changes: { version: 2 }, words: 'the version of the shape predictor' },
    { name: 'five points', changes: { points: 5 }, words: 'the size of the initial shape' },
    { name: 'no cascade', changes: { cascades: 0 }, words: 'the number of cascades' },
    { name: 'no tree', changes: { trees: 0 }, words: 'the number of trees' },
    { name: 'trees that are not full', changes: { splits: 2, leaves: 3 }, words: "the number of a tree's splits" },
    { name: 'a leaf too many', changes: { leaves: 5 }, words: "the number of a tree's leaves" },
    { name: 'a pixel that is not there', changes: { firstPixel: 4 }, words: 'the number of anchors' },
    { name: 'an anchor that is not there', changes: { anchor: 68 }, words: 'an anchor' },
    { name: 'a delta that is not a number', changes: { delta: Number.NaN }, words: 'a delta' },
    { name: 'an infinite leaf', changes: { leafValue: -Infinity }, words: 'a leaf' },
    { name: 'a leaf that no face can have', changes: { leafValue: 2 ** 20 }, words: 'a leaf' },
    { name: 'a threshold above any grey', changes: { threshold: 256 }, words: "a split's threshold" },
  ];
  for (const { name, changes, words } of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => parse(predictorBytes(changes)),
        (error) => error instanceof InvalidInputError && error.thing.startsWith(words) && error.origin === 'small.dat',
      );
    });
  }

  it('takes no memory for more than the file can hold', () => {
    // All before the number of cascades; then 8 TB of leaves, of which none follow.
    const before = predictorBytes({ cascades: 0 }).slice(0, -3 * integerBytes(0).length);
    const counts = [65535, 65535, 4095].flatMap(integerBytes);
    assert.throws(() => parse(Uint8Array.from([...before, ...counts, 1, 0])), /the size of the model/);
  });

  it('refuses files that are cut anywhere, and bytes that follow', async () => {
    const bytes = predictorBytes({ cascades: 1, trees: 1 });
    assert.equal(await readDamaged(cutFiles(bytes), 'small.dat', parse), 1);
    assert.throws(() => parse(Uint8Array.from([...bytes, 0])), /what follows the deltas/);
  });

  it('refuses foreign files', () => {
    for (const text of ['', 'PK\u0003\u0004', '<html></html>', '\u007fELF\u0002\u0001', '1 1 1 1 1 1 1 1']) {
      assert.throws(() => parse(Buffer.from(text.padEnd(400, 'x'))), InvalidInputError);
    }
    assert.throws(() => parse(new Uint8Array(1000)), InvalidInputError);
    assert.throws(() => parse(new Uint8Array(1000).fill(255)), InvalidInputError);
  });

  it('never fails otherwise on damage, and gives numbers only', async () => {
    const files = damagedFiles(predictorBytes(), 1, 300);
    await readDamaged(files, 'small.dat', (bytes) => {
      const { initialShape, thresholds, leaves, deltas } = parse(bytes);
      for (const values of [initialShape, thresholds, leaves, deltas]) assert.ok(values.every(Number.isFinite));
    });
  });
});
