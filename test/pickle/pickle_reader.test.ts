import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { readPickle } from '../../src/pickle/pickle_reader.js';

const names = { global: () => null, oldStringsAreText: true };
const parse = (text: string) => readPickle(Buffer.from(text, 'latin1'), names, 'x.pkl');

describe('a pickle', () => {
  it('gives dictionaries as Maps, lists and tuples as arrays', () => {
    assert.deepEqual(parse('(dS"a"\n(lI1\naF0.5\nas.'), new Map([['a', [1, 0.5]]]));
    assert.deepEqual(parse('\x80\x04\x95\x0a\0\0\0\0\0\0\0\x8c\x01b\x88N\x87.'), ['b', true, null]);
  });

  it('gives numbers, texts and bytes as they were', () => {
    const cases: [string, unknown][] = [
      ['I-7\n.', -7],
      ['I01\n.', true],
      ['L-12345678901234567890L\n.', -12345678901234567890n],
      ['\x80\x02\x8a\x02\x00\x80.', -32768],
      ['\x80\x02\x8a\x00.', 0],
      ['J\xff\xff\xff\xff.', -1],
      ['M\x01\x02.', 513],
      ['Finf\n.', Number.POSITIVE_INFINITY],
      ['F-1.5e-3\n.', -0.0015],
      ['G\xbf\xf0\x00\x00\x00\x00\x00\x00.', -1],
      ["S'a\\n\\x41\\'\\101'\n.", "a\nA'A"],
      ['Va\\u540d\\U0001f600\xe9\n.', 'a名😀é'],
      ['\x80\x03C\x02\x00\xff.', Buffer.of(0, 255)],
      ['(K\x01K\x020.', 1],
      ['K\x01(0.', 1],
      ['K\x01(K\x021.', 1],
    ];
    for (const [text, value] of cases) assert.deepEqual(parse(text), value, JSON.stringify(text));
  });

  const refused: [string, string, RegExp][] = [
    ['a class', 'cos\nsystem\n.', /a name in the pickle is "os\.system"/],
    ['a persistent id', 'Pid\n.', /a persistent id/],
    ['a length beyond the end', 'X\xff\0\0\0abc.', /"4 bytes before its end", expected 255 more bytes/],
    ['a line without an end', 'I5', /a line without an end/],
    ['no end', ']', /"0 bytes before its end"/],
    ['nothing', '', /"0 bytes before its end"/],
    ['half a pair', '](K\x01u.', /dictionary/],
    ['an entry in a list', ']K\x01K\x02s.', /what is put entries into is "a list of 0", expected a dictionary/],
    ['an item in a dictionary', '}K\x01a.', /what is appended to is "a dictionary of 0", expected a list/],
    ['a call of data', 'N)R.', /what is called is "None"/],
    ['a state for data', ']Nb.', /what is built is "a list of 0"/],
    ['a string without quotes', 'Sabc\n.', /a string is "without quotes"/],
    ['a code point past the last', 'V\\Uffffffff\n.', /a text is "a wrong escape"/],
    ['a number that is none', 'Fabc\n.', /a number is "abc"/],
    ['a name that is no text', '\x80\x04NN\x93.', /a name in the pickle is "None"/],
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
        readPickle(bytes, names, 'x.pkl');
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
