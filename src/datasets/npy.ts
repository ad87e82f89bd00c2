import { readFileSync } from 'node:fs';
import { InvalidInputError } from '../errors.js';

/** An array read from a .npy file, converted to float32 in C order. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const HEADER =
  /^\{'descr':\s*'([<>|=])([fiu])(\d)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([^)]*)\),?\s*\}\s*$/;

/** Reads one element at a byte offset. */
type ElementReader = (view: DataView, offset: number, littleEndian: boolean) => number;

const READERS: Record<string, ElementReader> = {
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f8: (view, offset, little) => view.getFloat64(offset, little),
  i4: (view, offset, little) => view.getInt32(offset, little),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  u1: (view, offset) => view.getUint8(offset),
};

/**
 * Reads a NumPy array of f4, f8, i4, i8 or u1 elements, of either endianness and either order.
 *
 * @throws InvalidInputError naming the file where it is missing, cut short or of another format
 */
export function readNpy(path: string): NpyArray {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InvalidInputError('the .npy file', path, 'a readable file', path, { cause: error });
  }
  return parseNpy(bytes, path);
}

/** The array in the bytes of a .npy file; `origin` names them in errors. */
export function parseNpy(bytes: Buffer, origin: string): NpyArray {
  const refuse = (thing: string, value: unknown, expected: string): never => {
    throw new InvalidInputError(thing, value, expected, origin);
  };
  if (bytes.length < 10 || !bytes.subarray(0, 6).equals(MAGIC)) {
    refuse('the start of the file', bytes.subarray(0, 6).toString('latin1'), "NumPy's magic \\x93NUMPY");
  }
  const wideLength = bytes[6]! >= 2;
  const headerStart = wideLength ? 12 : 10;
  if (bytes.length < headerStart) refuse('the length of the file', bytes.length, `at least ${headerStart} bytes`);
  const headerLength = wideLength ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const header = bytes.subarray(headerStart, headerStart + headerLength).toString('latin1');
  const match = HEADER.exec(header);
  if (match === null) return refuse('the header', header, 'a NumPy header of a plain array');
  const [, endianness, kind, size, fortranOrder, shape] = match;
  const type = `${kind}${size}`;
  const read = READERS[type] ?? refuse('the element type', type, `one of ${Object.keys(READERS).join(', ')}`);
  const dims = parseShape(shape!) ?? refuse('the shape', `(${shape})`, 'a tuple of whole numbers');
  const length = dims.reduce((product, dim) => product * dim, 1);
  const dataStart = headerStart + headerLength;
  const wanted = length * Number(size);
  if (bytes.length - dataStart !== wanted) {
    refuse(
      'the length of the data',
      bytes.length - dataStart,
      `${wanted} bytes for shape (${dims.join(', ')}) of ${type}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, wanted);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = read(view, i * Number(size), endianness !== '>');
  return { dims, values: fortranOrder === 'True' ? fromFortranOrder(values, dims) : values };
}

/** The bytes of a .npy file (format 1.0) of little-endian float32 in C order. */
export function npyBytes({ dims, values }: NpyArray): Buffer {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.alloc(10);
  MAGIC.copy(prefix);
  prefix[6] = 1;
  prefix.writeUInt16LE(padded.length, 8);
  return Buffer.concat([
    prefix,
    Buffer.from(padded, 'latin1'),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

function parseShape(text: string): number[] | null {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
}

/** Reorders elements whose first index runs fastest so that the last one does. */
function fromFortranOrder(values: Float32Array, dims: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  const index = dims.map(() => 0);
  const strides = dims.map((_, axis) => dims.slice(0, axis).reduce((product, dim) => product * dim, 1));
  for (let i = 0; i < result.length; i++) {
    result[i] = values[index.reduce((offset, position, axis) => offset + position * strides[axis]!, 0)]!;
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis]! === dims[axis]; axis--) index[axis] = 0;
  }
  return result;
}
