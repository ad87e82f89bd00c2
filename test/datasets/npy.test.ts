import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { npyBytes, parseNpy } from '../../src/datasets/npy.js';
import { InvalidInputError } from '../../src/errors.js';

/** Bytes of a .npy file with a header of our making. */
function npy(header: string, data: Buffer, version = 1): Buffer {
  const text = `${header}\n`;
  const head = Buffer.alloc(version === 1 ? 10 : 12);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1'), data]);
}

const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

function elements(type: string, values: readonly number[]): Buffer {
  const size = Number(type.at(-1));
  const buffer = Buffer.alloc(values.length * size);
  const little = type.startsWith('<');
  values.forEach((value, i) => {
    const at = i * size;
    const kind = type.slice(1);
    if (kind === 'f4') little ? buffer.writeFloatLE(value, at) : buffer.writeFloatBE(value, at);
    else if (kind === 'f8') little ? buffer.writeDoubleLE(value, at) : buffer.writeDoubleBE(value, at);
    else if (kind === 'i4') little ? buffer.writeInt32LE(value, at) : buffer.writeInt32BE(value, at);
    else little ? buffer.writeBigInt64LE(BigInt(value), at) : buffer.writeBigInt64BE(BigInt(value), at);
  });
  return buffer;
}

describe('a .npy file', () => {
  for (const type of ['<f4', '>f4', '<f8', '>f8', '<i4', '>i4', '<i8', '>i8']) {
    it(`of ${type} is read`, () => {
      const { dims, values } = parseNpy(npy(header(type, '(2, 3)'), elements(type, [1, -2, 3, 4, 5, 600])), 'x.npy');
      assert.deepEqual(dims, [2, 3]);
      assert.deepEqual([...values], [1, -2, 3, 4, 5, 600]);
    });
  }

  it('in Fortran order is read in C order', () => {
    const data = elements('<f4', [1, 4, 2, 5, 3, 6]);
    assert.deepEqual([...parseNpy(npy(header('<f4', '(2, 3)', 'True'), data), 'x.npy').values], [1, 2, 3, 4, 5, 6]);
  });

  it('of three axes in Fortran order is read in C order', () => {
    // Element (i, j, k) is 100 i + 10 j + k.
    const fortran: number[] = [];
    for (let k = 0; k < 2; k++)
      for (let j = 0; j < 3; j++) for (let i = 0; i < 2; i++) fortran.push(100 * i + 10 * j + k);
    const bytes = npy(header('>i8', '(2L, 3L, 2L)', 'True'), elements('>i8', fortran));
    assert.deepEqual([...parseNpy(bytes, 'x.npy').values], [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
  });

  it('whose header has its entries in another order is read', () => {
    const other = "{'shape': (2,), 'fortran_order': False, 'descr': '<i4'}";
    assert.deepEqual([...parseNpy(npy(other, elements('<i4', [3, -4]), 3), 'x.npy').values], [3, -4]);
  });

  it('of format 2 is read', () => {
    assert.deepEqual([...parseNpy(npy(header('<f4', '(1,)'), elements('<f4', [7]), 2), 'x.npy').values], [7]);
  });

  it('that was written here is read back', () => {
    for (const dims of [[4], [2, 2], [1, 2, 1, 2]]) {
      const bytes = npyBytes({ dims, values: Float32Array.of(1, 2, 3, 4.5) });
      assert.equal(bytes.indexOf('\n') % 64, 63);
      assert.deepEqual(parseNpy(bytes, 'x.npy'), { dims, values: Float32Array.of(1, 2, 3, 4.5) });
    }
  });

  const refused: [string, Buffer, RegExp][] = [
    ['is empty', Buffer.alloc(0), /start of the file/],
    ['is something else', Buffer.from('PK\x03\x04 and more bytes'), /start of the file.*NUMPY/],
    [
      'is cut short',
      npy(header('<f4', '(2, 3)'), elements('<f4', [1, 2])),
      /length of the data is 8, expected 24 bytes/,
    ],
    ['holds objects', npy(header('|O', '(1,)'), Buffer.alloc(8)), /element type is "\|O"/],
    [
      'has another element type',
      npy(header('<f2', '(1,)'), Buffer.alloc(2)),
      /element type is "<f2", expected one of f4/,
    ],
    ['holds records', npy(header('|V8', '(1,)').replace("'|V8'", "[('x', '<f4')]"), Buffer.alloc(8)), /header.*x/],
    ['is of an unknown format', npy(header('<f4', '(1,)'), Buffer.alloc(4), 4), /format version is "4.0"/],
    ['has no byte order', npy(header('|f4', '(1,)'), Buffer.alloc(4)), /byte order is "\|f4", expected <f4 or >f4/],
    ['promises a long header', npy(' '.repeat(12_000), Buffer.alloc(0), 2), /length of the header is 12001/],
    ['has a header cut short', npy(header('<f4', '(1,)'), Buffer.alloc(0)).subarray(0, 40), /length of the file is 40/],
    ['has too many elements', npy(header('<f4', `(${'2, '.repeat(63)})`), Buffer.alloc(4)), /length of the data/],
    ['has an overflowing axis', npy(header('<f4', '(99999999999999999999,)'), Buffer.alloc(4)), /shape/],
    ['has 65 axes', npy(header('<f4', `(${'1, '.repeat(65)})`), Buffer.alloc(4)), /shape.*at most 64/],
    ['names its order twice', npy(header('<f4', "(1,), 'fortran_order': True"), Buffer.alloc(4)), /header/],
    ['has a wild shape', npy(header('<f4', '(-1, x)'), Buffer.alloc(4)), /shape.*-1/],
  ];
  for (const [damage, bytes, message] of refused) {
    it(`that ${damage} is refused by name`, () => {
      assert.throws(
        () => parseNpy(bytes, 'folder/x.npy'),
        (error) =>
          error instanceof InvalidInputError && message.test(error.message) && error.message.includes('folder/x.npy'),
      );
    });
  }
});
