import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAhead } from '../../src/camera/read_ahead.js';

/** Counts from 0, and tells how far it has been asked and whether it was left. */
function counter(end: number, failure?: Error) {
  const state = { produced: 0, isLeft: false };
  async function* count() {
    try {
      while (state.produced < end) yield state.produced++;
      if (failure) throw failure;
    } finally {
      state.isLeft = true;
    }
  }
  return { state, source: count() };
}

describe('readAhead', () => {
  it('hands on every item in order', async () => {
    const seen: number[] = [];
    for await (const item of readAhead(counter(50).source, 3)) {
      seen.push(item);
      if (item % 7 === 0) await sleep(1);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  it('holds no more than its capacity and the one in hand', async () => {
    const { state, source } = counter(1000);
    let handed = 0;
    for await (const _ of readAhead(source, 4)) {
      handed++;
      await sleep(2);
      assert.ok(state.produced - handed <= 5, `${state.produced} produced, ${handed} handed on`);
      assert.ok(handed < 3 || state.produced > handed, 'nothing was fetched ahead');
      if (handed === 20) break;
    }
  });

  it('ends its source when it is left', async () => {
    const { state, source } = counter(1000);
    for await (const item of readAhead(source, 2)) if (item === 3) break;
    assert.equal(state.isLeft, true);
    assert.ok(state.produced < 10);
  });

  it("throws the source's error after the items before it", async () => {
    const seen: number[] = [];
    await assert.rejects(async () => {
      for await (const item of readAhead(counter(3, new Error('the tape is torn')).source, 8)) seen.push(item);
    }, /the tape is torn/);
    assert.deepEqual(seen, [0, 1, 2]);
  });
});
