import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { workThrough } from '../../src/cli/work_list.js';
import { InvalidInputError } from '../../src/errors.js';

const options = { label: 'items', nameOf: (item: number) => `item ${item}`, signal: new AbortController().signal };
const items = [0, 1, 2, 3, 4, 5, 6];

describe('a list of work', () => {
  it('counts what was done, done before and failed, and goes on after what failed', async () => {
    const result = await workThrough(items, {
      ...options,
      jobs: 3,
      work: async (item) => {
        if (item === 2) throw new InvalidInputError('the item', item, 'another one', 'a test');
        if (item === 4) return { warnings: ['not quite'] };
        return item % 2 === 1 ? 'skipped' : 'done';
      },
    });
    assert.deepEqual([result.done, result.skipped], [3, 3]);
    assert.deepEqual(result.warnings, [{ item: 'item 4', reason: 'not quite' }]);
    assert.equal(result.failed.length, 1);
    assert.match(result.failed[0]!.reason, /the item is 2/);
  });

  it('is worked on by as many as are asked for', async () => {
    const working = new Set<number>();
    let most = 0;
    await workThrough(items, {
      ...options,
      jobs: 2,
      work: async (_item, worker) => {
        assert.ok(!working.has(worker), 'each has one item at a time');
        working.add(worker);
        most = Math.max(most, working.size);
        await setTimeout(2);
        working.delete(worker);
        return 'done';
      },
    });
    assert.equal(most, 2);
  });

  it('stops at the signal, and at what is a fault of the program', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const stopped = workThrough(items, {
      ...options,
      jobs: 1,
      signal: controller.signal,
      work: async (item) => {
        seen.push(item);
        if (item === 2) controller.abort(new Error('enough'));
        return 'done';
      },
    });
    await assert.rejects(stopped, /enough/);
    assert.deepEqual(seen, [0, 1, 2]);
    const faulty = workThrough(items, { ...options, jobs: 2, work: () => Promise.reject(new TypeError('a fault')) });
    await assert.rejects(faulty, /a fault/);
  });
});
