import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../src/errors.js';
import { jsonText, parseJson } from '../src/json.js';

describe('jsonText', () => {
  it('writes lists of numbers and words on one line each, all else indented', () => {
    const value = { rows: [[1, -2.5e-7], [3]], words: ['a', 'b, c'], things: [{ x: [] }], none: {} };
    const expected = [
      '{',
      '  "rows": [',
      '    [1, -2.5e-7],',
      '    [3]',
      '  ],',
      '  "words": ["a", "b, c"],',
      '  "things": [',
      '    {',
      '      "x": []',
      '    }',
      '  ],',
      '  "none": {}',
      '}',
      '',
    ];
    assert.deepEqual(jsonText(value).split('\n'), expected);
  });

  it('leaves words as they are, whatever they hold', () => {
    const words = ['[', ']\n  [', '{"a": [1,\n 2]}', '\\', '"', '  \n'];
    for (const value of [words, { words }, [words, [1, 2]], words.join('')]) {
      assert.deepEqual(parseJson(jsonText(value), 'a value', 'here'), value);
    }
  });
});

describe('parseJson', () => {
  it('names the thing and where it came from where the text is no JSON', () => {
    assert.throws(
      () => parseJson('{"a": 1', 'the recipe', 'recipe.json'),
      (error) => {
        assert.ok(error instanceof InvalidInputError);
        return /the recipe/.test(error.message) && /recipe\.json/.test(error.message);
      },
    );
  });
});
