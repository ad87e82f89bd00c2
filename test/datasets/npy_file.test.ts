import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { npyBytes, parseNpy, readNpy } from '../../src/datasets/npy.js';
import { NpyFile } from '../../src/datasets/npy_file.js';
import { packageRoot } from '../../src/package_root.js';
import { cutFiles, damagedFiles, readDamaged } from '../support/damage.js';
import { temporaryFolder } from '../support/folders.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../support/pytorch.js';

const folder = temporaryFolder();

/** The header of a .npy file, and where its data start: 128 bytes. */
function header(descr: string, shape: readonly number[], fortran = false): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')},), }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  return Buffer.concat([start, Buffer.from(`${text.padEnd(117)}\n`, 'latin1')]);
}

function written(name: string, bytes: Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  return path;
}

/** Opens a file, and reads rows of it. */
async function rowsOf(path: string, indices: readonly number[]): Promise<Float32Array> {
  const file = await NpyFile.open(path);
  try {
    const target = new Float32Array(indices.length * file.rowSize);
    await file.rows(indices, target);
    return target;
  } finally {
    await file.close();
  }
}

describe('rows of a .npy file', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i);

  it('are read in the order asked for', async () => {
    const path = written('x.npy', npyBytes({ dims: [4, 3, 2], values }));
    assert.deepEqual(
      [...(await rowsOf(path, [3, 1, 2, 1]))].filter((_, i) => i % 6 === 0),
      [18, 6, 12, 6],
    );
    assert.deepEqual(await rowsOf(path, [0, 1, 2, 3]), values);
    assert.deepEqual(await rowsOf(path, []), new Float32Array(0));
  });

  for (const descr of ['<f8', '>f8', '>f4', '<i8', '>i4', '|u1']) {
    for (const fortran of [false, true]) {
      it(`of ${descr}, ${fortran ? 'in Fortran order' : 'larger than the buffer'}, are those of the whole`, async () => {
        const rowSize = 600_000;
        const head = header(descr, [2, 3, rowSize / 3], fortran);
        const size = Number(descr[2]);
        const data = Buffer.alloc(2 * rowSize * size);
        for (let i = 0; i < 2 * rowSize; i++) {
          const value = (i * 7) % 127;
          const at = i * size;
          if (descr === '<f8') data.writeDoubleLE(value, at);
          else if (descr === '>f8') data.writeDoubleBE(value, at);
          else if (descr === '>f4') data.writeFloatBE(value, at);
          else if (descr === '<i8') data.writeInt32LE(value, at);
          else if (descr === '>i4') data.writeInt32BE(value, at);
          else data[at] = value;
        }
        const path = written('large.npy', Buffer.concat([head, data]));
        const whole = readNpy(path).values;
        const rows = await rowsOf(path, [1, 0]);
        assert.ok(Buffer.from(rows.buffer, 0, rowSize * 4).equals(Buffer.from(whole.buffer, rowSize * 4)));
        assert.ok(Buffer.from(rows.buffer, rowSize * 4).equals(Buffer.from(whole.buffer, 0, rowSize * 4)));
      });
    }
  }

  it('in Fortran order are put into C order block by block', async () => {
    // Two blocks: 9000 rows of 1000 float32 are 36 MB.
    const [count, size] = [9000, 1000];
    const data = new Float32Array(count * size);
    for (let row = 0; row < count; row++) for (let i = 0; i < size; i++) data[i * count + row] = row + i / 1024;
    const path = written('fortran.npy', Buffer.concat([header('<f4', [count, size], true), Buffer.from(data.buffer)]));
    const file = await NpyFile.open(path);
    const target = new Float32Array(3 * size);
    // Readers at once wait for the same conversion.
    await Promise.all([file.rows([8999, 0, 8388], target), file.rows([1], new Float32Array(size))]);
    await file.close();
    for (const [position, row] of [8999, 0, 8388].entries()) {
      for (let i = 0; i < size; i++) assert.equal(target[position * size + i], row + i / 1024);
    }
  });

  it('are kept as they are where they are not numbers', async () => {
    const odd = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-45);
    assert.deepEqual(await rowsOf(written('odd.npy', npyBytes({ dims: [1, 4], values: odd })), [0]), odd);
  });

  it('outside the file, or of a target that is too small, are refused by name', async () => {
    const path = written('x.npy', npyBytes({ dims: [4, 3, 2], values }));
    for (const index of [-1, 4, 0.5, Number.NaN]) {
      await assert.rejects(rowsOf(path, [index]), /index of a row.*expected 0 to 3.*x\.npy/);
    }
    const file = await NpyFile.open(path);
    await assert.rejects(file.rows([0], new Float32Array(5)), /length of the target is 5.*x\.npy/);
    truncateSync(path, 140);
    await assert.rejects(file.rows([3], new Float32Array(6)), /shorter than when it was opened.*x\.npy/);
    await file.close();
  });

  it('are not there in what is no file of rows', async () => {
    await assert.rejects(NpyFile.open(join(folder.path, 'none.npy')), /ENOENT.*none\.npy/);
    await assert.rejects(NpyFile.open(folder.path), /no regular file/);
    await assert.rejects(NpyFile.open(written('empty.npy', Buffer.alloc(0))), /start of the file.*empty\.npy/);
    const scalar = npyBytes({ dims: [], values: Float32Array.of(1) });
    await assert.rejects(NpyFile.open(written('scalar.npy', scalar)), /shape is "\(\)", expected at least one axis/);
    const none = await NpyFile.open(written('none.npy', header('<f4', [0, 2 ** 52], true)));
    assert.equal(none.dims[0], 0);
    await none.rows([], new Float32Array(0));
    await none.close();
  });

  it('of a file larger than memory are read in little memory', () => {
    const path = join(folder.path, 'huge.npy');
    const [count, size] = [3_000_000, 300];
    const head = header('>f8', [count, 2, 150]);
    const handle = openSync(path, 'w');
    writeSync(handle, head);
    truncateSync(path, head.length + count * size * 8);
    const last = Buffer.alloc(8);
    last.writeDoubleBE(4.5);
    writeSync(handle, last, 0, 8, head.length + (count * size - 1) * 8);
    const script = `
      const { NpyFile } = await import(${JSON.stringify(join(packageRoot(), 'build/ts/src/datasets/npy_file.js'))});
      const file = await NpyFile.open(${JSON.stringify(path)});
      const target = new Float32Array(64 * 300);
      for (let i = 0; i < 200; i++) {
        await file.rows(Array.from({ length: 64 }, (_, row) => (i * 64 + row) * 14_983 % ${count}), target);
      }
      await file.rows([${count - 1}], target);
      await file.close();
      console.log(JSON.stringify({ last: target[299], bytes: process.resourceUsage().maxRSS * 1024 }));`;
    const node = ['--max-old-space-size=48', '--input-type=module', '--eval', script];
    const { last: read, bytes } = JSON.parse(execFileSync(process.execPath, node, { encoding: 'utf8' }));
    assert.equal(read, 4.5);
    assert.ok(bytes < 200 * 2 ** 20, `${bytes} bytes of memory for a file of ${count * size * 8}`);
  });

  it('and whole arrays of damaged files are refused by name, or read', async () => {
    const bytes = npyBytes({ dims: [4, 3, 2], values });
    const path = join(folder.path, 'damaged.npy');
    const whole = (damaged: Buffer) => parseNpy(damaged, path);
    const rows = (damaged: Buffer) => {
      writeFileSync(path, damaged);
      return rowsOf(path, [0]);
    };
    for (const read of [whole, rows]) {
      assert.equal(await readDamaged<unknown>(cutFiles(bytes), path, read), 1);
      const share = await readDamaged<unknown>(damagedFiles(bytes, 1, 200), path, read);
      assert.ok(share > 0.4, `${share}`);
    }
  });
});

describe('NumPy and this package', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  it('read the same elements of every type, order and version', async () => {
    const { paths, objects } = runPyTorch<{ paths: string[]; objects: string }>('datasets/dataset_files.py', [
      'arrays',
      folder.path,
    ]);
    const expected = Float32Array.from({ length: 210 }, (_, i) => i % 250);
    assert.equal(paths.length, 21);
    for (const path of paths) {
      assert.deepEqual(readNpy(path), { dims: [3, 2, 5, 7, 1], values: expected }, path);
      assert.deepEqual(await rowsOf(path, [0, 1, 2]), expected, path);
    }
    await assert.rejects(NpyFile.open(objects), /element type is "\|O".*objects\.npy/);
  });
});
