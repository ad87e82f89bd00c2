import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readNpy } from '../../src/datasets/npy.js';
import { writeNpyRows } from '../../src/datasets/npy_writer.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();

function* rows(count: number, size: number): Generator<Float32Array> {
  const row = new Float32Array(size);
  for (let i = 0; i < count; i++) yield row.fill(i);
}

describe('an array that is written row by row', () => {
  it('is there with all its rows, more than are gathered at a time', async () => {
    const path = join(folder.path, 'many.npy');
    await writeNpyRows(path, [3000, 2, 300], rows(3000, 600));
    const { dims, values } = readNpy(path);
    assert.deepEqual(dims, [3000, 2, 300]);
    assert.ok(values.every((value, i) => value === Math.floor(i / 600)));
  });

  it('may have no rows', async () => {
    await writeNpyRows(join(folder.path, 'none.npy'), [0, 4], []);
    assert.deepEqual(readNpy(join(folder.path, 'none.npy')).dims, [0, 4]);
  });

  it('is not there where its rows are not as many or as long as was said, or break off', async () => {
    const place = join(folder.path, 'broken');
    mkdirSync(place);
    const path = join(place, 'x.npy');
    await assert.rejects(writeNpyRows(path, [3, 4], rows(2, 4)), /2 rows instead of 3/);
    await assert.rejects(writeNpyRows(path, [2, 4], rows(2, 5)), /5 elements instead of 4/);
    const failing = (async function* () {
      yield new Float32Array(4);
      throw new Error('broke off');
    })();
    await assert.rejects(writeNpyRows(path, [2, 4], failing), /broke off/);
    assert.ok(!existsSync(path));
    assert.deepEqual(readdirSync(place), []);
  });
});
