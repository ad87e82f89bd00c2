/** What the first bytes of an image file tell. */
export interface ImageHeader {
  readonly format: 'jpeg' | 'png';
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Of a sample. */
  readonly bits: number;
}

const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The header of a JPEG (ITU-T T.81, annex B) or PNG file; null for anything else. */
export function imageHeader(file: Buffer): ImageHeader | null {
  if (file.length >= 25 && file.subarray(0, 8).equals(PNG_START)) {
    return {
      format: 'png',
      width: file.readUInt32BE(16),
      height: file.readUInt32BE(20),
      bits: file[24]!,
    };
  }
  if (file.length < 4 || file[0] !== 0xff || file[1] !== 0xd8) return null;
  for (let at = 2; at + 9 <= file.length; ) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1]!;
    // Fill bytes, and markers without contents.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return {
        format: 'jpeg',
        width: file.readUInt16BE(at + 7),
        height: file.readUInt16BE(at + 5),
        bits: file[at + 4]!,
      };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  return null;
}
