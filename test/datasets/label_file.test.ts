import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { labelBytes, parseLabels, readLabels } from '../../src/datasets/label_file.js';
import { InvalidInputError } from '../../src/errors.js';
import { cutFiles, damagedFiles, readDamaged } from '../support/damage.js';
import { temporaryFolder } from '../support/folders.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../support/pytorch.js';

const folder = temporaryFolder();
const bytes = (text: string) => Buffer.from(text, 'latin1');

/** What Python's pickle writes of (['a', 'b c'], [3, 0]). */
const PROTOCOLS = [
  '((lp0\nVa\np1\naVb c\np2\na(lp3\nI3\naI0\natp4\n.',
  '(]q\x00(X\x01\x00\x00\x00aq\x01X\x03\x00\x00\x00b cq\x02e]q\x03(K\x03K\x00etq\x04.',
  '\x80\x02]q\x00(X\x01\x00\x00\x00aq\x01X\x03\x00\x00\x00b cq\x02e]q\x03(K\x03K\x00e\x86q\x04.',
  '\x80\x03]q\x00(X\x01\x00\x00\x00aq\x01X\x03\x00\x00\x00b cq\x02e]q\x03(K\x03K\x00e\x86q\x04.',
  '\x80\x04\x95\x19\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x01a\x94\x8c\x03b c\x94e]\x94(K\x03K\x00e\x86\x94.',
  '\x80\x05\x95\x19\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x01a\x94\x8c\x03b c\x94e]\x94(K\x03K\x00e\x86\x94.',
];
/** The same of Python 2: its str, and a NumPy array of int64 in protocol 0. */
const PYTHON2 = [
  '((lp0\nS\'a\'\np1\naS"b\\x20c"\np2\na(lp3\nI3\naI0\natp4\n.',
  '\x80\x02]q\x00(U\x01aq\x01U\x03b cq\x02e]q\x03(K\x03K\x00e\x86q\x04.',
  "((lp20\nS'a'\naS'b c'\nacnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\nRp5\n" +
    "(I1\n(I2\ntp6\ncnumpy\ndtype\np7\n(S'i8'\np8\nI0\nI1\ntp9\nRp10\n(I3\nS'<'\np11\nNNNI-1\nI-1\nI0\ntp12\nbI00\n" +
    "S'\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00'\np13\ntp14\nbt.",
];
const JSONS = ['[["a", "b c"], [3, 0]]', ' [[3, 0], ["a", "b c"]]', '{"labels": [3, 0], "names": ["a", "b c"]}'];

describe('a file of labels', () => {
  for (const [kind, files] of Object.entries({ PROTOCOLS, PYTHON2, JSONS })) {
    files.forEach((text, i) => {
      it(`as ${kind} ${i} is read`, () => {
        assert.deepEqual(parseLabels(bytes(text), 'x'), { names: ['a', 'b c'], labels: Int32Array.of(3, 0) });
      });
    });
  }

  it('without names is read', () => {
    for (const text of ['[3, 0]', '{"labels": [3, 0]}', '\x80\x02](K\x03K\x00e.', '(lp0\nL3L\naI00\nap1\n0g0\n.']) {
      if (text.includes('I00')) assert.throws(() => parseLabels(bytes(text), 'x'), /label of sample 1 is false/);
      else assert.deepEqual(parseLabels(bytes(text), 'x'), { names: null, labels: Int32Array.of(3, 0) });
    }
  });

  it('that is empty of samples is read', () => {
    assert.deepEqual(parseLabels(bytes('[[], []]'), 'x'), { names: [], labels: Int32Array.of() });
    assert.deepEqual(parseLabels(bytes('[]'), 'x'), { names: null, labels: Int32Array.of() });
  });

  it('that was written here is read back', async () => {
    const path = join(folder.path, 'labels.pkl');
    writeFileSync(path, labelBytes(['名前', ''], [70_000, 0]));
    assert.deepEqual(await readLabels(path), { names: ['名前', ''], labels: Int32Array.of(70_000, 0) });
    assert.deepEqual(parseLabels(labelBytes(null, [5]), 'x').names, ['0']);
    assert.throws(() => labelBytes(['a'], [1, 2]), /number of names is 1, expected 2/);
  });

  const refused: [string, string, RegExp][] = [
    ['negative label', '[0, -1]', /label of sample 1 is -1, expected a whole number, 0 or more/],
    ['broken label', '[0.5]', /label of sample 0 is 0.5/],
    ['label past 32 bits', '\x80\x02]\x8a\x06\x00\x00\x00\x00\x01\x00a.', /label of sample 0 is 4294967296/],
    ['label past all numbers', '(lL99999999999999999999L\na.', /label of sample 0 is 99999999999999999999/],
    ['text for a label', '[["a"], ["b"]]', /label of sample 0 is "b"/],
    ['number for a name', '[["a", 1], [1, 0]]', /name of sample 1 is 1, expected a text/],
    ['name too few', '[["a"], [1, 0]]', /number of names is 1, expected 2/],
    ['key of another name', '{"labels": [1], "scores": []}', /key is "scores"/],
    ['JSON cut short', '[["a"], [1', /JSON of labels/],
    ['JSON nested without end', '['.repeat(100_000), /JSON of labels/],
    ['number alone', 'I5\n.', /contents is 5/],
    ['dictionary', '\x80\x02}.', /contents is "a dictionary of 0"/],
    ['function of the system', "cos\nsystem\n(S'touch PWNED'\ntR.", /name in the pickle is "os.system"/],
    ['function of Python', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.', /builtins.eval/],
    ['attribute of every object', '\x80\x02c\n__proto__\n.', /name in the pickle is ".__proto__"/],
    ['class of modules like ours', 'cnumpy.core.os\nsystem\n.', /numpy.core.os.system/],
    ['object by its extension', '\x80\x02\x82\x01.', /opcode of the pickle is "0x82"/],
    ['instance', '(ios\nsystem\n.', /opcode of the pickle is "0x69"/],
    ['set', '\x80\x04\x8f.', /opcode of the pickle is "0x8f"/],
    ['newer protocol', '\x80\x06].', /protocol is 6, expected at most 5/],
    ['persistent id', 'Pdisk\n.', /persistent id/],
    ['text of no UTF-8', '\x80\x02X\x01\x00\x00\x00\xff.', /text in the pickle/],
    [
      'length below zero',
      '\x80\x03B\xff\xff\xff\xff',
      /the pickle is "0 bytes before its end", expected 4294967295 more/,
    ],
    ['length past all files', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff', /before its end/],
    ['whole number of 2 GB', '\x80\x02\x8b\xff\xff\xff\x7f', /whole number/],
    ['number of many digits', `I${'9'.repeat(5000)}\n.`, /a number is "5000 characters long"/],
    ['memo that is empty', 'g7\n.', /place in the memo is "7"/],
    ['stack that is empty', '.', /stack of the pickle is "empty"/],
    ['mark that is missing', 't.', /without a mark/],
    ['value of a frame below', ']((a.', /stack/],
    ['list in itself', ']q\x00h\x00a.', /label of sample 0 is "a list of 1"/],
  ];
  for (const [what, text, message] of refused) {
    it(`with a ${what} is refused by name`, () => {
      assert.throws(
        () => parseLabels(bytes(text), 'folder/x.pkl'),
        (error) =>
          error instanceof InvalidInputError && message.test(error.message) && error.message.endsWith('folder/x.pkl)'),
      );
      assert.ok(!existsSync('PWNED'));
    });
  }

  it('is refused where it is missing', async () => {
    await assert.rejects(readLabels(join(folder.path, 'none.pkl')), /file of labels.*ENOENT.*none\.pkl/);
  });

  it('that unfolds to far more than its size is refused', () => {
    const text = 'x'.repeat(100_000);
    const encode = `c_codecs\nencode\n(g0\nVlatin1\ntR0`;
    const bomb = `V${text}\np0\n0${encode.repeat(100)}(l.`;
    assert.throws(() => parseLabels(bytes(bomb), 'x.pkl'), /unfold to many more.*x\.pkl/);
    // A list of lists of lists: a billion items by reference.
    let nested = ']q\x00';
    for (let level = 0; level < 9; level++)
      nested += `](${`h${String.fromCharCode(level)}`.repeat(10)}eq${String.fromCharCode(level + 1)}`;
    assert.throws(() => parseLabels(bytes(`${nested}.`), 'x.pkl'), /label of sample 0 is "a list of 10"/);
  });

  it('with 300,000 samples is read', () => {
    const labels = Int32Array.from({ length: 300_000 }, (_, i) => i % 7);
    assert.deepEqual(parseLabels(labelBytes(null, labels), 'x').labels, labels);
  });

  [...PROTOCOLS, ...PYTHON2, ...JSONS].forEach((text, i) => {
    it(`that is cut, zeroed or flipped anywhere is refused by name, or parses: ${i}`, async () => {
      const read = (damaged: Buffer) => parseLabels(damaged, 'folder/x.pkl');
      assert.equal(await readDamaged(cutFiles(bytes(text)), 'folder/x.pkl', read), 1);
      const share = await readDamaged(damagedFiles(bytes(text), i, 200), 'folder/x.pkl', read);
      assert.ok(share > 0.4, `${share}`);
    });
  });
});

describe('Python and this package', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  it('read the same labels from every protocol and form', async () => {
    const { names, labels, paths } = runPyTorch<{ names: string[]; labels: number[]; paths: string[] }>(
      'datasets/dataset_files.py',
      ['write', folder.path],
    );
    assert.ok(paths.length > 80);
    for (const path of paths) {
      const read = await readLabels(path);
      assert.deepEqual([...read.labels], labels, path);
      assert.deepEqual(read.names, path.includes('bare') ? null : names, path);
    }
  });

  it('read the same labels from a file written here', () => {
    const path = join(folder.path, 'ours.pkl');
    writeFileSync(path, labelBytes(['a', '名前\n'], [2 ** 31 - 1, 0]));
    assert.deepEqual(runPyTorch('datasets/dataset_files.py', ['read', path]), {
      names: ['a', '名前\n'],
      labels: [2 ** 31 - 1, 0],
      types: ['list', 'list'],
    });
  });
});
