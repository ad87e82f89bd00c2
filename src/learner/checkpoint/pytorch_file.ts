import { Parser } from 'pickleparser';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { PickleWriter } from './pickle_writer.js';
import type { StateDict, StoredTensor } from './state_dict.js';
import { alignedZip, readZip } from './zip_archive.js';

/** Element types of PyTorch's storages, and how their raw little-endian bytes are read. */
const STORAGES: Record<string, (bytes: ArrayBuffer) => Float32Array | BigInt64Array> = {
  FloatStorage: (bytes) => new Float32Array(bytes),
  DoubleStorage: (bytes) => Float32Array.from(new Float64Array(bytes)),
  LongStorage: (bytes) => new BigInt64Array(bytes),
};

/** What the pickle says of a storage; its elements lie in a file of their own in the archive. */
class StorageReference {
  constructor(
    readonly type: string,
    readonly key: string,
    readonly length: number,
  ) {}
}

class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/**
 * Reads the state_dict in a .pt file that `torch.save` wrote (zip format, PyTorch 1.6 and later).
 *
 * The pickle inside is parsed, never run: it may name nothing but dictionaries, tensors and storages.
 *
 * @throws InvalidInputError naming the file where it is damaged, of the legacy format, or holds anything else
 */
export async function readPyTorchFile(bytes: Buffer, origin: string): Promise<StateDict> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    const legacy = bytes[0] === 0x80 ? "PyTorch's legacy format" : 'no zip archive';
    throw new InvalidInputError(
      'the checkpoint',
      legacy,
      'a zip archive as torch.save writes it since PyTorch 1.6',
      origin,
    );
  }
  const files = await readZip(bytes, origin);
  const pickleName = [...files.keys()].find((name) => name.endsWith('/data.pkl'));
  if (pickleName === undefined)
    throw new InvalidInputError('the archive', [...files.keys()], 'a file NAME/data.pkl in it', origin);
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const byteOrder = files.get(`${folder}byteorder`);
  if (byteOrder !== undefined && byteOrder.toString() !== 'little') {
    throw new InvalidInputError('the byte order', byteOrder.toString(), 'little', origin);
  }
  const root = parsePickle(files.get(pickleName)!, origin);
  if (!(root instanceof Map)) throw new InvalidInputError('the pickled object', typeof root, 'a state_dict', origin);
  const stateDict: StateDict = new Map();
  for (const [key, value] of root) {
    if (typeof key !== 'string' || !(value instanceof TensorReference)) {
      throw new InvalidInputError(`the entry ${String(key)}`, typeof value, 'a tensor', origin);
    }
    const raw = files.get(`${folder}data/${value.storage.key}`);
    if (raw === undefined)
      throw new InvalidInputError(`the storage of ${key}`, undefined, 'a file in the archive', origin);
    stateDict.set(key, tensorOf(key, value, raw, origin));
  }
  return stateDict;
}

/** The bytes of a .pt file that `torch.load` reads, also with weights_only. */
export function pyTorchFileBytes(stateDict: StateDict, archiveName: string): Uint8Array {
  const pickle = new PickleWriter();
  pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
  const storages: Uint8Array[] = [];
  for (const [key, tensor] of stateDict) {
    const storage = String(storages.length);
    const { values, dims } = tensor;
    storages.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    pickle.text(key);
    writeTensor(pickle, storage, values instanceof Float32Array ? 'FloatStorage' : 'LongStorage', values.length, dims);
    pickle.setItem();
  }
  return alignedZip(
    new Map(
      [
        ['data.pkl', pickle.finish()],
        ['byteorder', Buffer.from('little')],
        ...storages.map((bytes, index): [string, Uint8Array] => [`data/${index}`, bytes]),
        ['version', Buffer.from('3\n')],
      ].map(([name, bytes]) => [`${archiveName}/${name}`, bytes as Uint8Array]),
    ),
  );
}

function writeTensor(pickle: PickleWriter, key: string, type: string, length: number, dims: readonly number[]): void {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const integers = (values: readonly number[]) => () => values.forEach((value) => void pickle.integer(value));
  pickle.global('torch._utils', '_rebuild_tensor_v2').tuple(() => {
    pickle
      .tuple(() => pickle.text('storage').global('torch', type).text(key).text('cpu').integer(length))
      .persistentId();
    pickle.integer(0).tuple(integers(dims)).tuple(integers(strides)).false();
    pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
  });
  pickle.reduce();
}

function parsePickle(bytes: Uint8Array, origin: string): unknown {
  const parser = new Parser({
    unpicklingTypeOfDictionary: 'Map',
    nameResolver: { resolve: (module, name) => resolveName(module, name, origin) },
    persistentResolver: { resolve: (id) => resolveStorage(id, origin) },
  });
  try {
    return parser.parse(bytes);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError('the pickle', errorMessage(error), 'an undamaged state_dict', origin, { cause: error });
  }
}

/** The only names that a state_dict may refer to. */
function resolveName(module: string, name: string, origin: string): (...args: unknown[]) => unknown {
  const fullName = `${module}.${name}`;
  if (fullName === 'collections.OrderedDict') return () => new Map<unknown, unknown>();
  if (fullName === 'torch._utils._rebuild_tensor_v2') return (...args) => tensorReference(args, origin);
  if (fullName === 'torch._utils._rebuild_parameter') return (data) => data;
  if (module === 'torch' && name in STORAGES) return Object.assign(() => undefined, { storageType: name });
  throw new InvalidInputError('a name in the pickle', fullName, 'only tensors and dictionaries', origin);
}

function resolveStorage(id: unknown, origin: string): StorageReference {
  const [tag, type, key, , length] = Array.isArray(id) ? (id as unknown[]) : [];
  const storageType = (type as { storageType?: unknown } | undefined)?.storageType;
  if (tag !== 'storage' || typeof storageType !== 'string' || typeof key !== 'string' || !isCount(length)) {
    throw new InvalidInputError('a persistent id in the pickle', id, "('storage', type, key, device, length)", origin);
  }
  return new StorageReference(storageType, key, length);
}

function tensorReference(args: readonly unknown[], origin: string): TensorReference {
  const [storage, offset, dims, strides] = args;
  const lists = [dims, strides].every((list) => Array.isArray(list) && list.every(isCount));
  if (!(storage instanceof StorageReference) || !isCount(offset) || !lists) {
    throw new InvalidInputError('a tensor in the pickle', args, '(storage, offset, size, stride, ...)', origin);
  }
  return new TensorReference(storage, offset, dims as number[], strides as number[]);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function tensorOf(key: string, reference: TensorReference, raw: Uint8Array, origin: string): StoredTensor {
  const { storage, offset, dims, strides } = reference;
  const elementBytes = storage.type === 'FloatStorage' ? 4 : 8;
  if (raw.byteLength !== storage.length * elementBytes) {
    throw new InvalidInputError(
      `the storage of ${key}`,
      raw.byteLength,
      `${storage.length * elementBytes} bytes`,
      origin,
    );
  }
  const all = STORAGES[storage.type]!(raw.slice().buffer);
  const length = dims.reduce((product, dim) => product * dim, 1);
  const last = dims.reduce((sum, dim, axis) => sum + (dim - 1) * strides[axis]!, offset);
  if (length > 0 && last >= all.length)
    throw new InvalidInputError(`the size of ${key}`, dims, 'elements within its storage', origin);
  const values = all instanceof Float32Array ? new Float32Array(length) : new BigInt64Array(length);
  const index = dims.map(() => 0);
  for (let i = 0; i < length; i++) {
    values[i] = all[index.reduce((sum, position, axis) => sum + position * strides[axis]!, offset)]!;
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis]! === dims[axis]; axis--) index[axis] = 0;
  }
  return { dims, values };
}
