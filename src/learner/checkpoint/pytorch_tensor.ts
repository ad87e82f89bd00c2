import { InvalidInputError } from '../../errors.js';
import type { StoredTensor } from './state_dict.js';

/** What the pickle of an archive says of a storage; its elements lie in a file of their own in the archive. */
export interface StorageReference {
  /** PyTorch's name of the element type, such as FloatStorage. */
  readonly type: string;
  readonly key: string;
  /** Elements. */
  readonly length: number;
}

interface ElementType {
  readonly bytes: number;
  read(view: DataView, offset: number, littleEndian: boolean): number | bigint;
}

/** The element types that become float32, or int64. */
const FLOATS: Record<string, ElementType> = {
  FloatStorage: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  DoubleStorage: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  HalfStorage: { bytes: 2, read: (view, offset, little) => halfFloat(view.getUint16(offset, little)) },
  BFloat16Storage: { bytes: 2, read: (view, offset, little) => brainFloat(view.getUint16(offset, little)) },
};
const INTEGERS: Record<string, ElementType> = {
  LongStorage: { bytes: 8, read: (view, offset, little) => view.getBigInt64(offset, little) },
};

/** Elements of one tensor at most (1 GiB of float32). */
const MOST_ELEMENTS = 2 ** 28;

/** The storages of an archive, each decoded once, however many tensors share it. */
export class Storages {
  private readonly decoded = new Map<string, Float32Array | BigInt64Array>();

  /** @param file the bytes of a storage's file in the archive, by the storage's key */
  constructor(
    private readonly file: (key: string) => Uint8Array | undefined,
    private readonly littleEndian: boolean,
    private readonly origin: string,
  ) {}

  /** @throws InvalidInputError naming the tensor whose storage is missing, of another size or of no known type */
  elements(storage: StorageReference, tensor: string): Float32Array | BigInt64Array {
    const identity = `${storage.type} ${storage.key} ${storage.length}`;
    let elements = this.decoded.get(identity);
    if (elements === undefined) {
      elements = this.decode(storage, tensor);
      this.decoded.set(identity, elements);
    }
    return elements;
  }

  private decode({ type, key, length }: StorageReference, tensor: string): Float32Array | BigInt64Array {
    const { origin, littleEndian } = this;
    const element = FLOATS[type] ?? INTEGERS[type];
    if (element === undefined) {
      const known = Object.keys({ ...FLOATS, ...INTEGERS }).join(', ');
      throw new InvalidInputError(`the element type of ${tensor}`, type, `one of ${known}`, origin);
    }
    const raw = this.file(key);
    if (raw?.byteLength !== length * element.bytes) {
      const expected = `${length * element.bytes} bytes`;
      throw new InvalidInputError(`the storage of ${tensor}`, raw?.byteLength, expected, origin);
    }
    if (littleEndian && type === 'FloatStorage') return new Float32Array(new Uint8Array(raw).buffer);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const values = type in FLOATS ? new Float32Array(length) : new BigInt64Array(length);
    for (let i = 0; i < length; i++) values[i] = element.read(view, i * element.bytes, littleEndian);
    return values;
  }
}

/** A tensor as an archive has it: elements of a storage from `offset` on, `strides` apart. */
export class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** @throws InvalidInputError naming the tensor where it is not within its storage */
  read(storages: Storages, name: string, origin: string): StoredTensor {
    const { offset, dims, strides } = this;
    const length = dims.reduce((product, dim) => product * dim, 1);
    if (length > MOST_ELEMENTS) {
      throw new InvalidInputError(`the size of ${name}`, dims, `at most ${MOST_ELEMENTS} elements`, origin);
    }
    const all = storages.elements(this.storage, name);
    const last = dims.reduce((sum, dim, axis) => sum + (dim - 1) * strides[axis]!, offset);
    if (length > 0 && last >= all.length) {
      throw new InvalidInputError(`the size of ${name}`, dims, 'elements within its storage', origin);
    }
    if (strides.join() === contiguousStrides(dims).join()) return { dims, values: all.slice(offset, offset + length) };
    const values = all instanceof Float32Array ? new Float32Array(length) : new BigInt64Array(length);
    const index = dims.map(() => 0);
    for (let i = 0; i < length; i++) {
      values[i] = all[index.reduce((sum, position, axis) => sum + position * strides[axis]!, offset)]!;
      for (let axis = dims.length - 1; axis >= 0 && ++index[axis]! === dims[axis]; axis--) index[axis] = 0;
    }
    return { dims, values };
  }
}

/** Strides, in elements, of a tensor in C order. */
export function contiguousStrides(dims: readonly number[]): number[] {
  return dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function brainFloat(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
