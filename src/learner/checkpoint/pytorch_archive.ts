import { InvalidInputError } from '../../errors.js';
import { KnownGlobal, kindOf, type PickleNames, readPickle } from '../../pickle/pickle_reader.js';
import { PickleWriter } from '../../pickle/pickle_writer.js';
import { contiguousStrides, type StorageReference, Storages, TensorReference } from './pytorch_tensor.js';
import type { StateDict, StoredTensor } from './state_dict.js';
import { alignedZip, readZip } from './zip_archive.js';

/** What can be written: a Map becomes an OrderedDict, an object a dict; numbers are whole, of 32 bits. */
export type ArchiveValue =
  | null
  | number
  | string
  | StoredTensor
  | ReadonlyMap<string, ArchiveValue>
  | { readonly [key: string]: ArchiveValue };

/** What `torch.save` saved: nested Maps and arrays of plain values and TensorReferences. */
export interface Archive {
  readonly root: unknown;
  readonly storages: Storages;
}

/** A state_dict's pickle has some 150 bytes a tensor. */
const LONGEST_PICKLE = 2 ** 22;

/**
 * Opens a .pt file that `torch.save` wrote (zip format, PyTorch 1.6 and later).
 *
 * The pickle inside is parsed, never run: it may name nothing but dictionaries, tensors and storages.
 *
 * @throws InvalidInputError naming the file where it is damaged, of the legacy format, or holds anything else
 */
export async function readPyTorchArchive(bytes: Buffer, origin: string): Promise<Archive> {
  checkFormat(bytes, origin);
  const { files, compressed } = await readZip(bytes, origin);
  if (compressed.some((name) => name.includes('/code/'))) {
    const expected = 'a state_dict: torch.save(module.state_dict(), path)';
    throw new InvalidInputError('the archive', 'a TorchScript program', expected, origin);
  }
  if (compressed.length > 0) {
    throw new InvalidInputError(
      'the archive',
      `compressed (${compressed[0]})`,
      'uncompressed files, as torch.save writes',
      origin,
    );
  }
  const pickleName = [...files.keys()].find((name) => name.endsWith('/data.pkl'));
  if (pickleName === undefined) {
    throw new InvalidInputError('the archive', [...files.keys()], 'a file NAME/data.pkl in it', origin);
  }
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const byteOrder = files.get(`${folder}byteorder`)?.toString() ?? 'little';
  if (byteOrder !== 'little' && byteOrder !== 'big') {
    throw new InvalidInputError('the byte order', byteOrder, 'little or big', origin);
  }
  const pickle = files.get(pickleName)!;
  if (pickle.length > LONGEST_PICKLE) {
    throw new InvalidInputError('the length of the pickle', pickle.length, `at most ${LONGEST_PICKLE} bytes`, origin);
  }
  const root = readPickle(pickle, pickleNames(origin), origin);
  return { root, storages: new Storages((key) => files.get(`${folder}data/${key}`), byteOrder === 'little', origin) };
}

function checkFormat(bytes: Buffer, origin: string): void {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return;
  const found = bytes[0] === 0x80 ? "a pickle, as of PyTorch's legacy format" : 'no zip archive';
  const expected = 'a zip archive as torch.save writes it since PyTorch 1.6 (load and save it there to convert it)';
  throw new InvalidInputError('the checkpoint', found, expected, origin);
}

/** The bytes of a .pt file that `torch.load` reads, also with weights_only. */
export function pyTorchArchiveBytes(root: ArchiveValue, archiveName: string): Uint8Array {
  const pickle = new PickleWriter();
  const storages: Uint8Array[] = [];
  writeValue(pickle, storages, root);
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

/**
 * A dictionary of tensors as a state_dict.
 *
 * @param thing what the dictionary is, for the error
 * @throws InvalidInputError naming the entry that is not a tensor
 */
export function stateDictOf(value: unknown, { storages }: Archive, thing: string, origin: string): StateDict {
  if (!(value instanceof Map)) throw new InvalidInputError(thing, kindOf(value), 'a dictionary of tensors', origin);
  const stateDict: StateDict = new Map();
  for (const [key, tensor] of value as Map<unknown, unknown>) {
    if (typeof key !== 'string' || !(tensor instanceof TensorReference)) {
      const entry = typeof key === 'string' ? `the entry ${key} of ${thing}` : `a key of ${thing}`;
      throw new InvalidInputError(entry, kindOf(typeof key === 'string' ? tensor : key), 'a named tensor', origin);
    }
    stateDict.set(key, tensor.read(storages, key, origin));
  }
  return stateDict;
}

/** The class of a storage, such as torch.FloatStorage: named in persistent ids, never called. */
class StorageClass extends KnownGlobal {
  constructor(
    readonly type: string,
    origin: string,
  ) {
    super(() => {
      throw new InvalidInputError('a storage in the pickle', type, 'its class in a persistent id', origin);
    });
  }
}

/** The only names that a checkpoint may refer to. */
function pickleNames(origin: string): PickleNames {
  const parameter = new KnownGlobal(([data]) => data);
  const known = new Map([
    ['collections.OrderedDict', new KnownGlobal(([pairs]) => new Map((pairs ?? []) as [unknown, unknown][]))],
    ['torch._utils._rebuild_tensor_v2', new KnownGlobal((args) => tensorReference(args, origin))],
    ['torch._utils._rebuild_parameter', parameter],
    ['torch._utils._rebuild_parameter_with_state', parameter],
    ['torch.Size', new KnownGlobal(([dims]) => dims)],
  ]);
  return {
    oldStringsAreText: true,
    global: (module, name) =>
      module === 'torch' && name.endsWith('Storage')
        ? new StorageClass(name, origin)
        : (known.get(`${module}.${name}`) ?? null),
    persistent: (id) => storageReference(id, origin),
  };
}

function storageReference(id: unknown, origin: string): StorageReference {
  const [tag, storage, key, , length] = Array.isArray(id) ? (id as unknown[]) : [];
  if (tag !== 'storage' || !(storage instanceof StorageClass) || typeof key !== 'string' || !isCount(length)) {
    const expected = "('storage', type, key, device, length)";
    throw new InvalidInputError('a persistent id in the pickle', kindOf(id), expected, origin);
  }
  return { type: storage.type, key, length };
}

function tensorReference(args: readonly unknown[], origin: string): TensorReference {
  const [storage, offset, dims, strides] = args;
  const isList = (list: unknown): list is number[] => Array.isArray(list) && list.length <= 8 && list.every(isCount);
  if (!isStorage(storage) || !isCount(offset) || !isList(dims) || !isList(strides) || dims.length !== strides.length) {
    throw new InvalidInputError('a tensor in the pickle', kindOf(args), '(storage, offset, size, stride, ...)', origin);
  }
  // Copies: the pickle may go on to change its lists.
  return new TensorReference({ ...storage }, offset, [...dims], [...strides]);
}

function isStorage(value: unknown): value is StorageReference {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value && 'length' in value;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function writeValue(pickle: PickleWriter, storages: Uint8Array[], value: ArchiveValue): void {
  if (value === null) pickle.none();
  else if (typeof value === 'string') pickle.text(value);
  else if (typeof value === 'number') pickle.integer(value);
  else if (isTensor(value)) writeTensor(pickle, storages, value);
  else {
    const ordered = value instanceof Map;
    if (ordered) pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
    else pickle.emptyDictionary();
    for (const [key, entry] of ordered ? (value as ReadonlyMap<string, ArchiveValue>) : Object.entries(value)) {
      pickle.text(key);
      writeValue(pickle, storages, entry as ArchiveValue);
      pickle.setItem();
    }
  }
}

function isTensor(value: object): value is StoredTensor {
  return 'values' in value && ArrayBuffer.isView(value.values);
}

function writeTensor(pickle: PickleWriter, storages: Uint8Array[], { values, dims }: StoredTensor): void {
  const key = String(storages.length);
  const type = values instanceof Float32Array ? 'FloatStorage' : 'LongStorage';
  storages.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const integers = (list: readonly number[]) => () => list.forEach((value) => void pickle.integer(value));
  pickle.global('torch._utils', '_rebuild_tensor_v2').tuple(() => {
    pickle
      .tuple(() => pickle.text('storage').global('torch', type).text(key).text('cpu').integer(values.length))
      .persistentId();
    pickle
      .integer(0)
      .tuple(integers(dims))
      .tuple(integers(contiguousStrides(dims)))
      .false();
    pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
  });
  pickle.reduce();
}
