import { crc32 } from 'node:zlib';
import { zipSync } from 'fflate';
import { fromBufferPromise } from 'yauzl';
import { errorMessage, InvalidInputError } from '../../errors.js';

/** PyTorch aligns the data of a file in its archives to this many bytes, so that they can be mapped into memory. */
const ALIGNMENT = 64;
/** The extra field that holds the padding, as PyTorch numbers it ("FB"). */
const PADDING_FIELD = 0x4246;
const LOCAL_HEADER_BYTES = 30;
const EXTRA_FIELD_HEADER_BYTES = 4;
const STORED = 0;

/**
 * The files of a zip archive by name, as views of it, each checked against its CRC-32.
 *
 * Only uncompressed files are read, as torch.save writes them, and they may not overlap: so an archive never unpacks to
 * more than itself.
 *
 * @returns the uncompressed files, and the names of the others
 * @throws InvalidInputError naming the archive where it is damaged
 */
export async function readZip(
  bytes: Buffer,
  origin: string,
): Promise<{ files: ReadonlyMap<string, Buffer>; compressed: readonly string[] }> {
  const files = new Map<string, Buffer>();
  const compressed: string[] = [];
  let total = 0;
  try {
    const archive = await fromBufferPromise(bytes);
    for await (const entry of archive.eachEntry()) {
      const { fileName: name, uncompressedSize: size } = entry;
      if (entry.compressionMethod !== STORED || entry.compressedSize !== size) {
        compressed.push(name);
        continue;
      }
      const header = await archive.readLocalFileHeaderPromise(entry);
      if (header.fileName.toString() !== name || files.has(name)) throw new Error(`it has two names for ${name}`);
      total += size;
      if (total > bytes.length) throw new Error('its files overlap');
      const contents = bytes.subarray(header.fileDataStart, header.fileDataStart + size);
      if (crc32(contents) !== entry.crc32) throw new Error(`the contents of ${name} do not have their checksum`);
      files.set(name, contents);
    }
  } catch (error) {
    throw new InvalidInputError('the archive', errorMessage(error), 'an undamaged zip archive', origin, {
      cause: error,
    });
  }
  return { files, compressed };
}

/** A zip archive of uncompressed files whose data are aligned to 64 bytes; the same files give the same bytes. */
export function alignedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  let offset = 0;
  const entries = [...files].map(([name, contents]) => {
    const header = LOCAL_HEADER_BYTES + Buffer.byteLength(name) + EXTRA_FIELD_HEADER_BYTES;
    const padding = (ALIGNMENT - ((offset + header) % ALIGNMENT)) % ALIGNMENT;
    offset += header + padding + contents.length;
    return [name, [contents, { level: 0, mtime: '1980-01-01', extra: { [PADDING_FIELD]: new Uint8Array(padding) } }]];
  });
  return zipSync(Object.fromEntries(entries));
}
