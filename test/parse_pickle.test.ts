import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../src/errors.js';
import { SeededRandom } from '../src/learner/random/seeded_random.js';
import { parsePickle } from '../src/parse_pickle.js';

const names = {
  resolveName: (module: string, name: string) => {
    throw new InvalidInputError('a name', `${module}.${name}`, 'none', 'x.pkl');
  },
  resolvePersistentId: () => {
    throw new InvalidInputError('a persistent id', undefined, 'none', 'x.pkl');
  },
};
const parse = (text: string) => parsePickle(Buffer.from(text, 'latin1'), names, 'the pickle', 1000, 'x.pkl');

describe('parsePickle', () => {
  it('gives dictionaries as Maps, lists and tuples as arrays', () => {
    assert.deepEqual(parse('(dS"a"\n(lI1\naF0.5\nas.'), new Map([['a', [1, 0.5]]]));
    assert.deepEqual(parse('\x80\x04\x95\x0a\0\0\0\0\0\0\0\x8c\x01b\x88N\x87.'), ['b', true, null]);
  });

  const refused: [string, string, RegExp][] = [
    ['a class', 'cos\nsystem\n.', /a name is "os\.system"/],
    ['a persistent id', 'Pid\n.', /a persistent id/],
    ['a length below 0', 'B\xf6\xff\xff\xff.', /a length of -10 bytes/],
    ['a length of exabytes', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', /a length of 18446744073709552000 bytes/],
    ['a length beyond the end', 'X\xff\0\0\0abc.', /end of file/],
    ['no end', ']', /end of file/],
    ['too many bytes', '0'.repeat(1001), /length of the pickle is 1001/],
    ['nothing', '', /end of file/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what} by the file's name`, () => {
      assert.throws(
        () => parse(text),
        (error) => error instanceof InvalidInputError && message.test(error.message) && /x\.pkl/.test(error.message),
      );
    });
  }

  it('ends on any bytes, with a value or an error that names the file', () => {
    const opcodes = Buffer.from(
      '(.012FIJKLMNPQRSTUVXabcde}gh]jloprqst)u\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96BC',
      'latin1',
    );
    const random = new SeededRandom(1);
    let refused = 0;
    for (let trial = 0; trial < 20_000; trial++) {
      const bytes = Buffer.from(
        Array.from({ length: 1 + random.below(40) }, () =>
          random.uniform() < 0.7 ? opcodes[random.below(opcodes.length)]! : random.below(256),
        ),
      );
      try {
        parsePickle(bytes, names, 'the pickle', 1000, 'x.pkl');
      } catch (error) {
        assert.ok(
          error instanceof InvalidInputError && /x\.pkl/.test(error.message),
          `${bytes.toString('hex')}: ${error}`,
        );
        refused++;
      }
    }
    assert.ok(refused > 10_000 && refused < 20_000);
  });
});
