import { readFileSync } from 'node:fs';
import { errorMessage, InvalidInputError } from '../errors.js';
import { decodeElements, ELEMENT_BYTES } from './npy_elements.js';
import { LONGEST_HEADER_BYTES, NPY_MAGIC, parseNpyHeader } from './npy_header.js';

/** An array read from a .npy file, converted to float32 in C order. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/**
 * Reads a whole NumPy array of f4, f8, i4, i8 or u1 elements, of either endianness and either order. `NpyFile` reads
 * those that are larger than memory.
 *
 * @throws InvalidInputError naming the file where it is missing, cut short or of another format
 */
export function readNpy(path: string): NpyArray {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const expected = `a readable file (${errorMessage(error)})`;
    throw new InvalidInputError('the .npy file', path, expected, path, { cause: error });
  }
  return parseNpy(bytes, path);
}

/** The array in the bytes of a .npy file; `origin` names them in errors. */
export function parseNpy(bytes: Buffer, origin: string): NpyArray {
  const start = bytes.subarray(0, LONGEST_HEADER_BYTES + 12);
  const { dims, type, littleEndian, fortranOrder, count, dataStart } = parseNpyHeader(start, bytes.length, origin);
  const values = new Float32Array(count);
  // A copy, as bytes of another order are reordered in place.
  const data = new Uint8Array(bytes.subarray(dataStart, dataStart + count * ELEMENT_BYTES[type]));
  decodeElements(data, type, littleEndian, values);
  return { dims, values: fortranOrder ? fromFortranOrder(values, dims) : values };
}

/** An array to write: float32, or whole numbers as int64. */
export interface WritableNpyArray {
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** The bytes of a .npy file (format 1.0), little-endian, in C order. */
export function npyBytes({ dims, values }: WritableNpyArray): Buffer {
  return Buffer.concat([
    npyHeaderBytes(dims, values instanceof Float32Array ? '<f4' : '<i8'),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

/** What a .npy file (format 1.0) of elements in C order begins with. */
export function npyHeaderBytes(dims: readonly number[], type: '<f4' | '<i8'): Buffer {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.alloc(10);
  NPY_MAGIC.copy(prefix);
  prefix[6] = 1;
  prefix.writeUInt16LE(padded.length, 8);
  return Buffer.concat([prefix, Buffer.from(padded, 'latin1')]);
}

/** Reorders elements whose first index runs fastest so that the last one does. */
function fromFortranOrder(values: Float32Array, dims: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  let next = 0;
  forEachFortranOffset(dims, (offset) => {
    result[next++] = values[offset]!;
  });
  return result;
}

/** Calls with where each element, taken in C order, lies in an array of Fortran order. */
export function forEachFortranOffset(dims: readonly number[], visit: (offset: number) => void): void {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const strides: number[] = [];
  for (let axis = 0, stride = 1; axis < dims.length; stride *= dims[axis++]!) strides.push(stride);
  const index = dims.map(() => 0);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    visit(offset);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      offset -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
}
