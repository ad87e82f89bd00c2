import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadOnce } from '../src/load_once.js';

describe('loadOnce', () => {
  it('loads at the first call, and gives the same to all', async () => {
    let loads = 0;
    const load = loadOnce(async () => ({ number: ++loads }));
    assert.equal(loads, 0);
    const [first, second] = await Promise.all([load(), load()]);
    assert.equal(first, second);
    assert.equal(await load(), first);
    assert.equal(loads, 1);
  });

  it('fails for all who wait, and tries anew at the next call', async () => {
    let loads = 0;
    const load = loadOnce(async () => {
      if (++loads === 1) throw new Error('not there yet');
      return loads;
    });
    const waiting = [load(), load()];
    for (const promise of waiting) await assert.rejects(promise, /not there yet/);
    assert.equal(await load(), 2);
  });
});
