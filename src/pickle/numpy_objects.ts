import { InvalidInputError } from '../errors.js';
import { KnownGlobal, kindOf, PickledObject, type PickleNames } from './pickle_reader.js';

type Element = number | bigint | string | boolean;

/** An element type of NumPy, such as <i8. */
class Dtype extends PickledObject {
  littleEndian = true;

  constructor(
    readonly kind: string,
    readonly size: number,
    private readonly origin: string,
  ) {
    super();
  }

  /** (version, byte order, ...) */
  override setState(state: unknown): void {
    const order = Array.isArray(state) ? textOf(state[1]) : null;
    if (order === null || !/^[<>|=]$/.test(order)) {
      throw new InvalidInputError('the byte order of a dtype', kindOf(order), '<, > or |', this.origin);
    }
    this.littleEndian = order !== '>';
  }

  /** The elements in raw bytes. */
  elements(raw: Uint8Array): Element[] {
    const { size } = this;
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const read = this.reader(view);
    return Array.from({ length: raw.length / size }, (_, i) => read(i * size));
  }

  private reader(view: DataView): (offset: number) => Element {
    const { kind, size, littleEndian: little } = this;
    switch (`${kind}${size}`) {
      case 'i1':
        return (at) => view.getInt8(at);
      case 'i2':
        return (at) => view.getInt16(at, little);
      case 'i4':
        return (at) => view.getInt32(at, little);
      case 'i8':
        return (at) => Number(view.getBigInt64(at, little));
      case 'u1':
        return (at) => view.getUint8(at);
      case 'u2':
        return (at) => view.getUint16(at, little);
      case 'u4':
        return (at) => view.getUint32(at, little);
      case 'u8':
        return (at) => Number(view.getBigUint64(at, little));
      case 'f4':
        return (at) => view.getFloat32(at, little);
      case 'f8':
        return (at) => view.getFloat64(at, little);
    }
    if (kind === 'U') return (at) => this.text(size / 4, (i) => view.getUint32(at + 4 * i, little));
    if (kind === 'S') return (at) => this.text(size, (i) => view.getUint8(at + i));
    throw new InvalidInputError('a dtype', `${kind}${size}`, 'numbers or texts', this.origin);
  }

  /** Characters up to the zeros that fill the rest. */
  private text(length: number, codeAt: (index: number) => number): string {
    const codes = Array.from({ length }, (_, i) => codeAt(i));
    while (codes.at(-1) === 0) codes.pop();
    const wrong = codes.find((code) => code > 0x10ffff);
    if (wrong !== undefined) throw new InvalidInputError('a character', wrong, 'a code point', this.origin);
    return codes.map((code) => String.fromCodePoint(code)).join('');
  }
}

/** An array of NumPy of one axis. */
export class NumpyArray extends PickledObject {
  private decode: () => readonly unknown[] = () => [];
  private decoded: readonly unknown[] | null = null;

  constructor(private readonly origin: string) {
    super();
  }

  /** Decoded when first asked for: a pickle may make any number of arrays of the same bytes. */
  get elements(): readonly unknown[] {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  /** (version, shape, dtype, is Fortran order, raw bytes or, of objects, a list) */
  override setState(state: unknown): void {
    const [, shape, dtype, , raw] = Array.isArray(state) ? (state as unknown[]) : [];
    this.fill(shape, dtype, raw);
  }

  fill(shape: unknown, dtype: unknown, raw: unknown): void {
    const refuse = (thing: string, value: unknown, expected: string) =>
      new InvalidInputError(thing, value, expected, this.origin);
    const length: unknown = Array.isArray(shape) && shape.length === 1 ? shape[0] : undefined;
    if (typeof length !== 'number' || !(dtype instanceof Dtype)) {
      throw refuse('a NumPy array', 'of another form', 'one axis and a dtype');
    }
    if (dtype.kind === 'O') {
      if (!Array.isArray(raw) || raw.length !== length) {
        throw refuse('a NumPy array of objects', kindOf(raw), `a list of ${length}`);
      }
      this.decode = () => raw;
      return;
    }
    const bytes = bytesOf(raw);
    if (bytes === null || dtype.size === 0 || bytes.length !== length * dtype.size) {
      throw refuse('the data of a NumPy array', kindOf(raw), `${length} elements of ${dtype.size} bytes`);
    }
    this.decode = () => dtype.elements(bytes);
  }
}

/**
 * The classes and functions in pickles of NumPy's one-dimensional arrays and scalars, and of bytes.
 *
 * @param pickleBytes the size of the pickle, in proportion to which its objects may take memory
 */
export function numpyNames(pickleBytes: number, origin: string): PickleNames {
  let budget = 4 * pickleBytes + 2 ** 20;
  const spend = (bytes: number) => {
    budget -= bytes;
    if (budget < 0) {
      const expected = 'objects in proportion to its size';
      throw new InvalidInputError('the pickle', `${pickleBytes} bytes that unfold to many more`, expected, origin);
    }
  };
  const refuse = (thing: string, value: unknown, expected: string): never => {
    throw new InvalidInputError(thing, kindOf(value), expected, origin);
  };
  const dtype = new KnownGlobal(([name]) => {
    const [, kind, size] = /^[<>|=]?([iufbUSO])(\d{0,6})$/.exec(textOf(name) ?? '') ?? [];
    if (kind === undefined) return refuse('a dtype', name, 'numbers or texts');
    const known = kind === 'b' ? 'u' : kind;
    const bytes = kind === 'O' ? 8 : Number(size) * (kind === 'U' ? 4 : 1);
    const empty = size === '0' && (kind === 'U' || kind === 'S');
    return bytes > 0 || empty
      ? new Dtype(known, bytes, origin)
      : refuse('a dtype', name, 'elements of at least a byte');
  });
  const scalar = new KnownGlobal(([type, raw]) => {
    const bytes = bytesOf(raw);
    if (!(type instanceof Dtype) || bytes === null || bytes.length !== type.size) {
      return refuse('a NumPy number', raw, 'a dtype and as many bytes as it has');
    }
    spend(bytes.length);
    if (type.size === 0) return '';
    return type.elements(bytes)[0];
  });
  const known: Record<string, KnownGlobal> = {
    'numpy.dtype': dtype,
    'numpy.ndarray': new KnownGlobal(([value]) => refuse('numpy.ndarray', value, 'an array made by _reconstruct')),
    'multiarray._reconstruct': new KnownGlobal(() => new NumpyArray(origin)),
    'multiarray.scalar': scalar,
    'numeric._frombuffer': new KnownGlobal(([raw, type, shape]) => {
      const array = new NumpyArray(origin);
      array.fill(shape, type, raw);
      return array;
    }),
    '__builtin__.bytes': new KnownGlobal((args) =>
      args.length === 0 ? new Uint8Array(0) : refuse('bytes', args, 'no arguments'),
    ),
    // Protocols 0 to 2 write bytes as a text of Latin-1 that this makes bytes of.
    '_codecs.encode': new KnownGlobal(([text, encoding]) => {
      if (typeof text !== 'string' || encoding !== 'latin1') return refuse('encoded bytes', encoding, 'latin1');
      spend(text.length);
      return Buffer.from(text, 'latin1');
    }),
  };
  return {
    global: (module, name) => {
      const short = module.replace(/^numpy\.(_?core\.)/, '');
      const key = `${short}.${name}`;
      return Object.hasOwn(known, key) ? known[key]! : null;
    },
  };
}

/** The bytes of a value: of an array's data, or an old str. */
function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null;
}

/** A text: a str, or the bytes that Python 2's str is, of UTF-8 or else Latin-1. Null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!(value instanceof Uint8Array)) return null;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = bytes.toString('utf8');
  return text.includes('�') ? bytes.toString('latin1') : text;
}
