import { randomUUID } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorMessage, InvalidInputError } from '../errors.js';
import { forEachFortranOffset } from './npy.js';
import { decodeElements, ELEMENT_BYTES, HOST_IS_LITTLE_ENDIAN } from './npy_elements.js';
import { LONGEST_HEADER_BYTES, type NpyHeader, parseNpyHeader } from './npy_header.js';

/** Bytes that a read of rows takes at most beside its target. */
const READ_BYTES = 4 * 2 ** 20;
/** Bytes of rows that are put into C order at a time. */
const TRANSPOSE_BYTES = 32 * 2 ** 20;

/** Where rows lie one after another. */
interface RowStore extends Pick<NpyHeader, 'type' | 'littleEndian'> {
  readonly handle: FileHandle;
  readonly dataStart: number;
}

/**
 * A .npy file whose rows (along its first axis) are read on demand, so it may be larger than memory: f4, f8, i4, i8 or
 * u1 elements, of either endianness and either order.
 *
 * Rows are read at their positions into a buffer of at most 4 MiB; what fits into memory the system keeps in its cache.
 * It is not mapped into memory, as no maintained module for that installs without a compiler. In Fortran order a row
 * is spread over the whole file: such a file is put into C order once, as float32 in a temporary file.
 */
export class NpyFile {
  private store: Promise<RowStore> | null = null;
  /** Elements of a row. */
  readonly rowSize: number;

  private constructor(
    readonly path: string,
    readonly header: NpyHeader,
    private readonly handle: FileHandle,
  ) {
    this.rowSize = header.dims.slice(1).reduce((product, dim) => product * dim, 1);
  }

  /** @throws InvalidInputError naming the file where it is missing, cut short or of another format */
  static async open(path: string): Promise<NpyFile> {
    const handle = await openFile(path);
    try {
      const { size } = await handle.stat();
      const start = Buffer.alloc(Math.min(size, LONGEST_HEADER_BYTES + 12));
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      const header = parseNpyHeader(start.subarray(0, bytesRead), size, path);
      if (header.dims.length === 0) throw new InvalidInputError('the shape', '()', 'at least one axis', path);
      return new NpyFile(path, header, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get dims(): readonly number[] {
    return this.header.dims;
  }

  /**
   * Copies rows, in the order of `indices`, into the front of `target`, as float32 in C order.
   *
   * @param indices each in 0 .. dims[0] - 1
   * @param target at least indices.length * rowSize elements
   * @throws InvalidInputError naming the file where an index or the target does not fit, or the file became shorter
   */
  async rows(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    const { rowSize } = this;
    const rowCount = this.dims[0]!;
    if (target.length < indices.length * rowSize) {
      const expected = `at least ${indices.length} rows of ${rowSize} elements`;
      throw new InvalidInputError('the length of the target', target.length, expected, this.path);
    }
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= rowCount) {
        throw new InvalidInputError('the index of a row', index, `0 to ${rowCount - 1}`, this.path);
      }
    }
    this.store ??= this.header.fortranOrder
      ? this.inCOrder()
      : Promise.resolve({ ...this.header, handle: this.handle });
    const store = await this.store;
    for (let first = 0; first < indices.length; ) {
      // Neighbours are read together.
      let end = first + 1;
      while (end < indices.length && indices[end] === indices[end - 1]! + 1) end++;
      const part = target.subarray(first * rowSize, end * rowSize);
      await readElements(store, indices[first]! * rowSize, part, this.path);
      first = end;
    }
  }

  async close(): Promise<void> {
    const store = await this.store?.catch(() => null);
    if (store && store.handle !== this.handle) await store.handle.close();
    await this.handle.close();
  }

  /** The rows as float32 in a temporary file, which vanishes with its handle. */
  private async inCOrder(): Promise<RowStore> {
    const { path, rowSize, handle, header } = this;
    const { dims, dataStart, type, littleEndian } = header;
    const rowCount = dims[0]!;
    const temporary = join(tmpdir(), `${randomUUID()}.npy_rows`);
    const target = await open(temporary, 'wx+', 0o600);
    try {
      await rm(temporary);
      const bytes = ELEMENT_BYTES[type];
      const block = Math.min(rowCount, Math.max(1, Math.floor(TRANSPOSE_BYTES / (rowSize * 4))));
      const rows = new Float32Array(block * rowSize);
      const column = new Float32Array(block);
      const raw = Buffer.alloc(block * bytes);
      for (let first = 0; first < rowCount; first += block) {
        const now = Math.min(block, rowCount - first);
        const part = raw.subarray(0, now * bytes);
        let element = 0;
        forEachFortranOffset(dims.slice(1), (offset) => {
          const position = dataStart + (offset * rowCount + first) * bytes;
          if (readSync(handle.fd, part, 0, part.length, position) !== part.length) throw becameShorter(path);
          decodeElements(part, type, littleEndian, column);
          for (let row = 0; row < now; row++) rows[row * rowSize + element] = column[row]!;
          element++;
        });
        writeAll(target.fd, new Uint8Array(rows.buffer, 0, now * rowSize * 4), first * rowSize * 4);
        await setImmediate();
      }
      return { handle: target, dataStart: 0, type: 'f4', littleEndian: HOST_IS_LITTLE_ENDIAN };
    } catch (error) {
      await target.close();
      if (error instanceof InvalidInputError) throw error;
      const expected = `room for ${rowCount * rowSize * 4} bytes in ${tmpdir()}`;
      throw new InvalidInputError('the Fortran order', errorMessage(error), expected, path, { cause: error });
    }
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Opening a pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw new Error('it is no regular file');
    return await open(path, 'r');
  } catch (error) {
    const expected = `a readable file (${errorMessage(error)})`;
    throw new InvalidInputError('the .npy file', path, expected, path, { cause: error });
  }
}

/** Fills `target` with elements from index `first` on. */
async function readElements(store: RowStore, first: number, target: Float32Array, path: string): Promise<void> {
  const { handle, dataStart, type, littleEndian } = store;
  const size = ELEMENT_BYTES[type];
  if (type === 'f4' && littleEndian === HOST_IS_LITTLE_ENDIAN) {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    await readBytes(handle, bytes, dataStart + first * size, path);
    return;
  }
  const step = READ_BYTES / size;
  const buffer = new Uint8Array(Math.min(READ_BYTES, target.length * size));
  for (let start = 0; start < target.length; start += step) {
    const part = target.subarray(start, start + step);
    const bytes = buffer.subarray(0, part.length * size);
    await readBytes(handle, bytes, dataStart + (first + start) * size, path);
    decodeElements(bytes, type, littleEndian, part);
  }
}

async function readBytes(handle: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    // One read call takes less than 2 GiB.
    const { bytesRead } = await handle.read(bytes, done, Math.min(2 ** 30, bytes.length - done), position + done);
    if (bytesRead === 0) throw becameShorter(path);
    done += bytesRead;
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

function becameShorter(path: string): InvalidInputError {
  return new InvalidInputError('the file', 'shorter than when it was opened', 'a file that stays as it is', path);
}
