import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { ViewAnswer } from '../../src/view/protocol.js';
import { ViewFeed } from '../../src/view/view_feed.js';

const answer = (stampSeconds: number): ViewAnswer => ({ stampSeconds, faces: [] });

const grey = (value: number, width = 32, height = 24) => ({
  encoding: 'mono8',
  width,
  height,
  step: width,
  isBigendian: 0,
  data: new Uint8Array(width * height).fill(value),
});

function feedOf() {
  const watched: boolean[] = [];
  const feed = new ViewFeed({
    setWatched: (value) => watched.push(value),
    topics: () => ({ image: { name: '/image', publishers: 1 }, expressions: { name: '/expressions', publishers: 2 } }),
  });
  return { feed, watched };
}

async function greyOf(jpeg: Buffer | null): Promise<number> {
  const { channels } = await sharp(jpeg!).stats();
  return Math.round(channels[0]!.mean);
}

describe('ViewFeed', () => {
  it('gives an image with the answer about it, whichever comes first', async () => {
    const { feed } = feedOf();
    await feed.next(0, 0);
    feed.addImage('1', grey(50));
    feed.addImage('2', grey(100));
    feed.addAnswer('1', answer(1));
    const first = await feed.next(0, 0);
    assert.deepEqual(first.update.picture, { width: 32, height: 24, answer: answer(1) });
    assert.equal(await greyOf(first.jpeg), 50);
    assert.deepEqual(first.update.answers, [answer(1)]);
    feed.addAnswer('3', answer(3));
    const second = await feed.next(first.update.version, 0);
    assert.equal(second.update.picture, null);
    assert.deepEqual(second.update.answers, [answer(3)]);
    feed.addImage('3', grey(150));
    const third = await feed.next(second.update.version, 0);
    assert.equal(await greyOf(third.jpeg), 150);
    assert.deepEqual(third.update.picture!.answer, answer(3));
    assert.deepEqual(third.update.answers, []);
    feed.close();
  });

  it('waits for something new, and not for longer than it may', async () => {
    const { feed } = feedOf();
    const { update } = await feed.next(0, 0);
    const started = performance.now();
    const next = feed.next(update.version, 10_000);
    setTimeout(() => feed.addAnswer('1', answer(1)), 50);
    assert.deepEqual((await next).update.answers, [answer(1)]);
    assert.ok(performance.now() - started < 5000);
    const nothing = await feed.next((await next).update.version, 30);
    assert.deepEqual([nothing.update.answers, nothing.jpeg], [[], null]);
    assert.equal(nothing.update.expressionsTopic.publishers, 2);
    assert.ok(nothing.update.expressionsTopic.silentSeconds! >= 0.02);
    assert.equal(nothing.update.imageTopic.silentSeconds, null);
    feed.close();
  });

  it('gives a page that is slow the newest picture alone, and the answers of ten seconds', async () => {
    const { feed } = feedOf();
    const { update } = await feed.next(0, 0);
    for (let i = 0; i < 1000; i++) {
      feed.addImage(`${i}`, grey(i % 256));
      feed.addAnswer(`${i}`, answer(i));
    }
    const next = await feed.next(update.version, 0);
    assert.equal(next.update.answers.length, 300);
    assert.deepEqual(next.update.picture!.answer, answer(999));
    assert.equal(await greyOf(next.jpeg), 999 % 256);
    feed.close();
  });

  it('keeps nothing, and wants nothing, while no page is open', async () => {
    const { feed, watched } = feedOf();
    feed.addImage('1', grey(50));
    feed.addAnswer('1', answer(1));
    const { update } = await feed.next(0, 0);
    assert.deepEqual([update.picture, update.answers], [null, []]);
    assert.deepEqual(watched, [true]);
    await feed.next(0, 0);
    assert.deepEqual(watched, [true]);
    feed.close();
    assert.deepEqual(watched, [true, false]);
    await feed.next(0, 0);
    assert.deepEqual(watched, [true, false, true]);
    await sleep(5200);
    assert.deepEqual(watched, [true, false, true, false], 'the page has not asked for five seconds');
  });

  it('shows images alone while the node is silent', async () => {
    const { feed } = feedOf();
    const { update } = await feed.next(0, 0);
    await sleep(1600);
    feed.addImage('1', grey(77));
    const { update: shown, jpeg } = await feed.next(update.version, 0);
    assert.equal(shown.picture!.answer, null);
    assert.equal(await greyOf(jpeg), 77);
    feed.close();
  });

  it('begins anew for a page of a process before this one', async () => {
    const { feed } = feedOf();
    await feed.next(0, 0);
    feed.addAnswer('1', answer(1));
    assert.deepEqual((await feed.next(12_345, 0)).update.answers, [answer(1)]);
    feed.close();
  });

  it('tells why an image cannot be shown, and shows the next one', async () => {
    const { feed } = feedOf();
    await feed.next(0, 0);
    feed.addImage('1', { ...grey(1), encoding: 'none' });
    feed.addAnswer('1', answer(1));
    const { update, jpeg } = await feed.next(0, 0);
    assert.match(update.pictureTrouble!, /encoding is "none".*the image on \/image/);
    assert.deepEqual([update.picture, jpeg, update.answers], [null, null, [answer(1)]]);
    feed.addImage('2', grey(9));
    feed.addAnswer('2', answer(2));
    assert.equal((await feed.next(update.version, 0)).update.pictureTrouble, null);
    feed.close();
  });

  it('makes wide pictures smaller', async () => {
    const { feed } = feedOf();
    await feed.next(0, 0);
    feed.addImage('1', grey(200, 1920, 1080));
    feed.addAnswer('1', answer(1));
    const { update, jpeg } = await feed.next(0, 0);
    assert.deepEqual([update.picture!.width, update.picture!.height], [1920, 1080]);
    const { width, height, format } = await sharp(jpeg!).metadata();
    assert.deepEqual([width, height, format], [960, 540, 'jpeg']);
    feed.close();
  });
});
