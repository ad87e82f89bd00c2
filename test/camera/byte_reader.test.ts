import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { ByteReader } from '../../src/camera/byte_reader.js';

/** A stream of the bytes 0, 1, 2, ... in chunks of the given lengths. */
function counting(...lengths: number[]): Readable {
  let next = 0;
  return Readable.from(
    lengths.map((length) => Buffer.from(Array.from({ length }, () => next++))),
    { objectMode: false },
  );
}

describe('ByteReader', () => {
  it('cuts chunks of any length into pieces of the lengths that are asked for', async () => {
    const reader = new ByteReader(counting(1, 2, 10, 3));
    assert.deepEqual([...(await reader.read(5))!], [0, 1, 2, 3, 4]);
    assert.deepEqual([...(await reader.read(1))!], [5]);
    assert.deepEqual([...(await reader.read(10))!], [6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('gives nothing once the stream has ended, in the middle of a piece too', async () => {
    const reader = new ByteReader(counting(4));
    assert.deepEqual([...(await reader.read(3))!], [0, 1, 2]);
    assert.equal(await reader.read(2), undefined);
    assert.equal(await reader.read(1), undefined);
  });

  it('gives pieces that do not share memory', async () => {
    const reader = new ByteReader(counting(4));
    const first = (await reader.read(2))!;
    const second = (await reader.read(2))!;
    first.fill(99);
    assert.deepEqual([...second], [2, 3]);
    assert.equal(first.buffer.byteLength, 2);
  });
});
