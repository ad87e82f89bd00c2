import { InvalidInputError } from '../errors.js';
import { ELEMENT_BYTES, type ElementType, isElementType } from './npy_elements.js';

/** What the header of a .npy file says of its elements. */
export interface NpyHeader {
  readonly dims: readonly number[];
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Whether the first axis, not the last one, varies fastest. */
  readonly fortranOrder: boolean;
  /** Elements of the array. */
  readonly count: number;
  /** Where the elements start, in bytes. */
  readonly dataStart: number;
}

export const NPY_MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** NumPy itself refuses longer headers when it loads (max_header_size), as they may be slow to parse. */
export const LONGEST_HEADER_BYTES = 10_000;
/** NumPy's own limit (NPY_MAXDIMS). */
const MOST_AXES = 64;
const ENTRY = /\s*'(\w+)'\s*:\s*(?:'([^']*)'|(True|False)|\(([\dL,\s-]*)\))\s*(?:,|(?=\}))/y;

/**
 * The header of a .npy file of format 1, 2 or 3 (NEP 1), checked against the size of the file.
 *
 * @param start the file's first bytes: 12 + LONGEST_HEADER_BYTES of them, or all
 * @param fileBytes the size of the whole file
 * @throws InvalidInputError naming `origin`, the file: another format or version, elements that are no plain numbers
 *   (objects are pickles, and never read), or a shape that the size of the file contradicts
 */
export function parseNpyHeader(start: Buffer, fileBytes: number, origin: string): NpyHeader {
  const refuse = (thing: string, value: unknown, expected: string): never => {
    throw new InvalidInputError(thing, value, expected, origin);
  };
  if (!start.subarray(0, NPY_MAGIC.length).equals(NPY_MAGIC)) {
    refuse('the start of the file', start.subarray(0, 6).toString('latin1'), "NumPy's magic \\x93NUMPY");
  }
  if (start.length < 10) refuse('the length of the file', fileBytes, 'a whole header');
  const version = start[6]!;
  if (version < 1 || version > 3 || start[7] !== 0) {
    refuse('the format version', `${version}.${start[7]}`, '1.0, 2.0 or 3.0');
  }
  const headerStart = version === 1 ? 10 : 12;
  if (start.length < headerStart) refuse('the length of the file', fileBytes, 'a whole header');
  const headerBytes = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (headerBytes > LONGEST_HEADER_BYTES) {
    refuse('the length of the header', headerBytes, `at most ${LONGEST_HEADER_BYTES} bytes`);
  }
  const dataStart = headerStart + headerBytes;
  if (dataStart > start.length) refuse('the length of the file', fileBytes, `a header of ${headerBytes} bytes`);
  const text = start.subarray(headerStart, dataStart).toString(version === 3 ? 'utf8' : 'latin1');
  const { descr, fortranOrder, shape } =
    entriesOf(text) ?? refuse('the header', text, 'descr, fortran_order and shape');

  const [, byteOrder, type] = /^([<>|])(\w+)$/.exec(descr) ?? [];
  const kinds = Object.keys(ELEMENT_BYTES).join(', ');
  if (byteOrder === undefined || type === undefined || !isElementType(type)) {
    return refuse('the element type', descr, `one of ${kinds}, of either byte order`);
  }
  const elementBytes = ELEMENT_BYTES[type];
  if ((byteOrder === '|') !== (elementBytes === 1)) {
    refuse('the byte order', descr, elementBytes === 1 ? `|${type}` : `<${type} or >${type}`);
  }
  const dims = dimsOf(shape) ?? refuse('the shape', `(${shape})`, `a tuple of at most ${MOST_AXES} whole numbers`);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const dataBytes = count * elementBytes;
  if (!Number.isSafeInteger(dataBytes) || fileBytes - dataStart !== dataBytes) {
    const expected = `${dataBytes} bytes for shape (${dims.join(', ')}) of ${type}`;
    refuse('the length of the data', fileBytes - dataStart, expected);
  }
  return { dims, type, littleEndian: byteOrder !== '>', fortranOrder, count, dataStart };
}

/** The three entries of a header, which is a Python dictionary written out; null where it is anything else. */
function entriesOf(text: string): { descr: string; fortranOrder: boolean; shape: string } | null {
  const body = text.trimEnd();
  if (!body.startsWith('{') || !body.endsWith('}')) return null;
  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: string | undefined;
  let entries = 0;
  ENTRY.lastIndex = 1;
  let end = 1;
  for (let match = ENTRY.exec(body); match !== null; match = ENTRY.exec(body)) {
    const [, key, text, truth, tuple] = match;
    if (key === 'descr') descr = text;
    if (key === 'fortran_order' && truth !== undefined) fortranOrder = truth === 'True';
    if (key === 'shape') shape = tuple;
    entries++;
    end = ENTRY.lastIndex;
  }
  if (entries !== 3 || body.slice(end).trim() !== '}') return null;
  if (descr === undefined || fortranOrder === undefined || shape === undefined) return null;
  return { descr, fortranOrder, shape };
}

/** The numbers of a tuple; Python 2 wrote long ones with an L. */
function dimsOf(shape: string): number[] | null {
  if (shape.trim() === '') return [];
  const parts = shape.replace(/,\s*$/, '').split(',');
  const dims = parts.map((part) => (/^\s*\d{1,16}L?\s*$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  return dims.length <= MOST_AXES && dims.every(Number.isSafeInteger) ? dims : null;
}
