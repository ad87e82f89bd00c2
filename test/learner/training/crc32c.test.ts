import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32c, maskedCrc32c } from '../../../src/learner/training/crc32c.js';

describe('CRC-32C', () => {
  const known: [string, Uint8Array, number][] = [
    ['the check value of the catalogue of CRCs', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720, B.4)', new Uint8Array(32), 0x8a9136aa],
    ['32 ones (RFC 3720, B.4)', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31 (RFC 3720, B.4)', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['nothing', new Uint8Array(0), 0],
  ];
  for (const [name, bytes, value] of known) it(`gives ${name}`, () => assert.equal(crc32c(bytes), value));

  it('is masked as the length of the first record of every event file of TensorFlow is', () => {
    // A record of 24 bytes, "brain.Event:2" with a time: bytes 18 00 00 00 00 00 00 00, then a3 7f 4b 22.
    assert.equal(maskedCrc32c(Uint8Array.of(0x18, 0, 0, 0, 0, 0, 0, 0)), 0x224b7fa3);
  });
});
