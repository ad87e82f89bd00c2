import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { readPyTorchFile } from '../../../src/learner/checkpoint/pytorch_file.js';
import { alignedZip } from '../../../src/learner/checkpoint/zip_archive.js';
import { temporaryFolder } from '../../support/folders.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../../support/pytorch.js';

const folder = temporaryFolder();

/** Shape and elements, by key. */
type Tensors = Record<string, [dims: number[], values: number[]]>;

async function tensorsIn(name: string): Promise<Tensors> {
  const path = join(folder.path, `${name}.pt`);
  const stateDict = await readPyTorchFile(readFileSync(path), path);
  return Object.fromEntries(
    [...stateDict].map(([key, { dims, values }]) => [key, [[...dims], Array.from(values, Number)]]),
  );
}

describe('a .pt file of PyTorch', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  let written: Record<'plain' | 'half' | 'bfloat16', Tensors>;
  before(() => {
    written = runPyTorch('learner/checkpoint/pytorch_variants.py', [folder.path]);
  });

  const kinds: [string, string, keyof typeof written][] = [
    ['plain', 'of float32 tensors', 'plain'],
    ['half', 'of float16 tensors', 'half'],
    ['bfloat16', 'of bfloat16 tensors', 'bfloat16'],
    ['double', 'of float64 tensors', 'plain'],
    ['strided', 'of transposed and spread views of one storage', 'plain'],
    ['parameters', 'of torch.nn.Parameters', 'plain'],
    ['dict', 'of a plain dict', 'plain'],
    ['big_endian', 'of a big-endian machine', 'plain'],
    ['state_dict', 'of a checkpoint with state_dict and optimizer', 'plain'],
    ['model_state_dict', 'of a checkpoint with model_state_dict', 'plain'],
    ['model', 'of a checkpoint with model', 'plain'],
  ];
  for (const [file, kind, same] of kinds) {
    it(`${kind} gives the tensors that were saved`, async () => {
      assert.deepEqual(await tensorsIn(file), written[same]);
    });
  }

  it("of a module's state_dict with metadata gives the tensors that were saved", async () => {
    assert.deepEqual(await tensorsIn('metadata'), written.plain);
  });

  const refused: [string, string, RegExp][] = [
    ['legacy', 'of the legacy format', /PyTorch's legacy format.*since PyTorch 1\.6.*legacy\.pt/],
    ['torchscript', 'of TorchScript', /a TorchScript program.*torchscript\.pt/],
    ['module', 'of a whole module', /torch\.nn\.modules\.linear\.Linear.*module\.pt/],
    ['no_tensors', 'without tensors', /the entry epoch of the state_dict is .*no_tensors\.pt/],
    ['integers', 'of tensors of 32-bit integers', /the element type of a is "IntStorage".*integers\.pt/],
    ['compressed', 'that was packed again, compressed', /compressed.*compressed\.pt/],
  ];
  for (const [file, kind, message] of refused) {
    it(`${kind} is refused`, async () => {
      await assert.rejects(
        tensorsIn(file),
        (error) => error instanceof InvalidInputError && message.test(error.message),
      );
    });
  }
});

describe('an archive made to do harm', () => {
  const tensor = (args: string) => `ctorch._utils\n_rebuild_tensor_v2\n(${args}tR`;
  const storage = (length: number) => `((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nL${length}L\ntQ`.slice(1);
  const stateDict = (value: string) => `(dS'a'\n${value}s.`;
  const archives: [string, string, RegExp][] = [
    ['names a function', 'cos\nsystem\n(S"id"\ntR.', /os\.system/],
    ['goes back to what was read', 'B\xf0\xff\xff\xff.', /4294967280 more bytes/],
    ['has a number that takes long to add up', `\x8b\xff\xff\xff\x7f.`, /whole number is "2147483647 bytes long"/],
    ['claims more elements than there are', stateDict(tensor(`${storage(2)}I0\n(I9\nt(I1\nt`)), /the size of a/],
    [
      'claims a tensor larger than memory',
      stateDict(tensor(`${storage(2)}I0\n(I4294967296\nI4294967296\nt(I0\nI0\nt`)),
      /at most/,
    ],
    ['claims a storage of another size', stateDict(tensor(`${storage(4)}I0\n(I1\nt(I1\nt`)), /the storage of a/],
    ['has strides below 0', stateDict(tensor(`${storage(2)}I1\n(I2\nt(I-1\nt`)), /a tensor in the pickle/],
    ['holds itself', '(d2S"a"\n2s.'.replace('2s', 'h\x00s').replace('(d2', '(dq\x00'), /the entry a of the state_dict/],
    ['is no dictionary', 'I1\n.', /the state_dict is 1,/],
    ['ends before its end', '(d', /before its end/],
    ['takes from an empty stack', 'R.', /the stack of the pickle is "empty"/],
  ];
  for (const [what, pickle, message] of archives) {
    it(`whose pickle ${what} is refused`, async () => {
      const files = new Map([
        ['model/data.pkl', Buffer.from(pickle, 'latin1')],
        ['model/data/0', Buffer.from(Float32Array.of(1, 2).buffer)],
      ]);
      await assert.rejects(
        readPyTorchFile(Buffer.from(alignedZip(files)), 'evil.pt'),
        (error) => error instanceof InvalidInputError && message.test(error.message) && /evil\.pt/.test(error.message),
      );
    });
  }

  it('with a pickle longer than any state_dict has is refused', async () => {
    const files = new Map([['model/data.pkl', Buffer.alloc(2 ** 23, '}')]]);
    await assert.rejects(readPyTorchFile(Buffer.from(alignedZip(files)), 'evil.pt'), /length of the pickle.*evil\.pt/);
  });

  it('whose files overlap is refused', async () => {
    const archive = Buffer.from(alignedZip(new Map([['m/data.pkl', Buffer.alloc(1000)]])));
    const central = archive.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    const entry = archive.subarray(central, end);
    const tail = Buffer.from(archive.subarray(end));
    tail.writeUInt16LE(2, 8);
    tail.writeUInt16LE(2, 10);
    tail.writeUInt32LE(2 * entry.length, 12);
    const twice = Buffer.concat([archive.subarray(0, central), entry, entry, tail]);
    await assert.rejects(readPyTorchFile(twice, 'evil.pt'), /two names for m\/data\.pkl.*evil\.pt/);
  });
});
