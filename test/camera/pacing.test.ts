import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, FrameSource } from '../../src/camera/frame.js';
import { paced } from '../../src/camera/pacing.js';

function sourceAt(times: readonly number[], isLive = false): FrameSource {
  async function* frames(): AsyncGenerator<Frame, void> {
    for (const [index, sourceTimeSeconds] of times.entries()) {
      yield { data: new Uint8Array(3), width: 1, height: 1, sourceTimeSeconds, index };
    }
  }
  return { description: 'a test', isLive, [Symbol.asyncIterator]: frames };
}

/** A clock that only waiting and `work` move: what a slow consumer takes is in `work`, by frame. */
async function play(source: FrameSource, work: (index: number) => number): Promise<number[]> {
  let clock = 100;
  const handedOut: number[] = [];
  const wait = async (seconds: number) => {
    clock += seconds;
  };
  for await (const { index } of paced(source, { nowSeconds: () => clock, wait })) {
    handedOut.push(Math.round((clock - 100) * 1000) / 1000);
    clock += work(index);
  }
  return handedOut;
}

describe('paced', () => {
  it('hands out frames at their times, uneven ones too', async () => {
    assert.deepEqual(await play(sourceAt([5, 5.1, 5.15, 5.9]), () => 0.01), [0, 0.1, 0.15, 0.9]);
  });

  it('does not drift: a late frame does not make the later ones late', async () => {
    const times = Array.from({ length: 6 }, (_, index) => index / 10);
    assert.deepEqual(
      await play(sourceAt(times), (index) => (index === 1 ? 0.25 : 0.03)),
      [0, 0.1, 0.35, 0.38, 0.41, 0.5],
    );
  });

  it('goes on from now after a stall of more than a second, instead of rushing', async () => {
    const times = Array.from({ length: 5 }, (_, index) => index / 10);
    assert.deepEqual(await play(sourceAt(times), (index) => (index === 1 ? 3 : 0)), [0, 0.1, 3.1, 3.2, 3.3]);
  });

  it('passes a live source on as it comes', async () => {
    assert.deepEqual(await play(sourceAt([0, 10, 20], true), () => 0.01), [0, 0.01, 0.02]);
  });

  it('ends at once when it is aborted, while it waits too', async () => {
    const stop = new AbortController();
    let frames = 0;
    const start = performance.now();
    for await (const _ of paced(sourceAt([0, 3600]), { signal: stop.signal })) {
      frames++;
      setTimeout(() => stop.abort(), 20);
    }
    assert.equal(frames, 1);
    assert.ok(performance.now() - start < 2000);
  });
});
