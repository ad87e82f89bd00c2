/** Matroska's times are whole numbers of this many nanoseconds. */
const NANOSECONDS_PER_TICK = 10_000;

/** Ticks in a second. */
export const MATROSKA_TICKS_PER_SECOND = 1e9 / NANOSECONDS_PER_TICK;

/**
 * The beginning of a Matroska stream (RFC 9559) of rgb8 pictures, each of which follows as a `matroskaFrame`. Unlike other
 * forms in which raw pictures are piped, it tells the time of each.
 */
export function matroskaHeader(width: number, height: number): Buffer {
  const unknownLength = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([
    element('1a45dfa3', [
      element('4286', unsigned(1)),
      element('42f7', unsigned(1)),
      element('42f2', unsigned(4)),
      element('42f3', unsigned(8)),
      element('4282', Buffer.from('matroska')),
      element('4287', unsigned(4)),
      element('4285', unsigned(2)),
    ]),
    Buffer.from('18538067', 'hex'),
    unknownLength,
    element('1549a966', [
      element('2ad7b1', unsigned(NANOSECONDS_PER_TICK)),
      element('4d80', Buffer.from('facial_expression_recognition')),
      element('5741', Buffer.from('facial_expression_recognition')),
    ]),
    element('1654ae6b', [
      element('ae', [
        element('d7', unsigned(1)),
        element('73c5', unsigned(1)),
        element('83', unsigned(1)),
        element('9c', unsigned(0)),
        element('86', Buffer.from('V_UNCOMPRESSED')),
        element('e0', [
          element('b0', unsigned(width)),
          element('ba', unsigned(height)),
          // Red, green, blue, 24 bits a pixel.
          element('2eb524', Buffer.from('RGB\x18', 'latin1')),
        ]),
      ]),
    ]),
  ]);
}

/** What stands before the bytes of a picture. @param byteLength the picture's; @param ticks its time */
export function matroskaFrame(byteLength: number, ticks: number): Buffer {
  // Track 1, no time beside the cluster's, a key frame.
  const blockStart = Buffer.from([0x81, 0, 0, 0x80]);
  const blockLength = blockStart.length + byteLength;
  const block = Buffer.concat([Buffer.from('a3', 'hex'), length(blockLength), blockStart]);
  const time = element('e7', unsigned(ticks));
  return Buffer.concat([Buffer.from('1f43b675', 'hex'), length(time.length + block.length + byteLength), time, block]);
}

function element(id: string, contents: Buffer | Buffer[]): Buffer {
  const bytes = Array.isArray(contents) ? Buffer.concat(contents) : contents;
  return Buffer.concat([Buffer.from(id, 'hex'), length(bytes.length), bytes]);
}

/** A length as eight bytes, the first of which says so. */
function length(bytes: number): Buffer {
  const buffer = unsigned(bytes);
  buffer[0] = 0x01;
  return buffer;
}

function unsigned(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer;
}
