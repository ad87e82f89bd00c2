import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../src/errors.js';
import { parseSealedJson, sealedJsonText } from '../src/sealed_json.js';

const value = { name: 'é', numbers: [0.1, -1e-300, 3], nothing: null, missing: undefined, 7: { a: [] } };
const read = (text: string) => parseSealedJson(Buffer.from(text), 'the record', 'record.json');
const refused = (text: string, message: RegExp) =>
  assert.throws(
    () => read(text),
    (error) => error instanceof InvalidInputError && message.test(error.message),
  );

describe('sealed JSON', () => {
  it('is read as it was written, without what is undefined', () => {
    const { missing: _missing, ...defined } = value;
    assert.deepEqual(read(sealedJsonText(value)), defined);
  });

  it('is refused when a number, a text, a key or the seal has changed', () => {
    const text = sealedJsonText(value);
    for (const [from, to] of [
      ['0.1', '0.2'],
      ['é', 'è'],
      ['"nothing"', '"nothinf"'],
      [/"sha256": "\w/.exec(text)![0], '"sha256": "-'],
    ] as const) {
      assert.ok(text.includes(from), from);
      refused(text.replace(from, to), /sha256 is .*the file was changed \(from record\.json\)/);
    }
  });

  it('may be changed by who takes the seal out, and be written in any way', () => {
    assert.deepEqual(read('{"numbers": [1]}'), { numbers: [1] });
    const { name, numbers } = read(JSON.stringify(JSON.parse(sealedJsonText(value))));
    assert.deepEqual([name, numbers], ['é', [0.1, -1e-300, 3]]);
  });

  it('is refused where it is no JSON object', () => {
    for (const text of ['', '{', '\u0000\u0000']) refused(text, /the record is .*expected JSON \(from record\.json\)/);
    for (const text of ['[]', 'null', '3', '"text"']) refused(text, /the record is .*expected a JSON object/);
  });
});
