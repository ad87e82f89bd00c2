import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { duration, fixed, grouped, percent, shortCount } from '../../src/report/numbers.js';

describe('numbers for people', () => {
  it('have a dash for what is not there', () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.equal(fixed(value), '–');
      assert.equal(percent(value), '–');
    }
    assert.equal(fixed(0.12345), '0.123');
    assert.equal(percent(0.9151), '91.5\u202f%');
  });

  it('have gaps between their thousands', () => {
    assert.deepEqual([1, 999, 1000, 1970000].map(grouped), ['1', '999', '1\u202f000', '1\u202f970\u202f000']);
  });

  it('are short where room is', () => {
    assert.deepEqual([0, 999, 1000, 12_499, 999_600].map(shortCount), ['0', '999', '1k', '12k', '1M']);
  });

  it('have a unit that suits them', () => {
    assert.deepEqual([0.31, 42, 95, 7200].map(duration), ['0.3 s', '42 s', '2 min', '2.0 h']);
  });
});
