import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { EncodedImage } from '../../../src/perception/image/encoded_image.js';
import { clipFiles, clipsMissing, readFrames } from '../../support/clips.js';
import { ImagePlayer } from '../../support/image_player.js';
import {
  type HeardExpressions,
  Probe,
  ROS_DOMAIN,
  rosMissing,
  startNode,
  type TestProcess,
} from '../../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const IMAGE = '/image';
/** Between images of the recording. */
const STEP_MILLISECONDS = 100;
/** When the recording was made: long ago, and no time that a clock here shows. */
const BEGIN_SECONDS = 1_000_000_000;

/** How old an image is when it is published. */
const AGE_MILLISECONDS = 20;

/** What an image was answered, but for ids and the times that it took. */
function outcomeOf({ faces }: HeardExpressions) {
  return faces.map(({ category, confidence, classes, landmarks, window }) => ({
    category,
    confidence,
    classes,
    landmarks,
    window: window[2],
  }));
}

type Outcome = ReturnType<typeof outcomeOf>;

describe('expression_node with a recording in simulated time', { skip: rosMissing || clipsMissing }, () => {
  let node: TestProcess;
  let player: ImagePlayer;
  let probe: Probe;
  let frames: EncodedImage[];

  before(async () => {
    // About the face, and every third frame: quick enough for a recording at five times its rate.
    frames = readFrames(clipFiles('asl', '.mkv')[0]!, 75, 0, 'crop=320:240:160:0')
      .filter((_, index) => index % 3 === 0)
      .map(({ data, width, height }) => ({ encoding: 'rgb8', width, height, step: 3 * width, isBigendian: 0, data }));
    const args = [
      '-p',
      'use_sim_time:=true',
      '-p',
      'seed:=1',
      '-p',
      'mcdo_repeats:=10',
      '-p',
      'lazy:=false',
      '-p',
      'depth:=10',
    ];
    node = startNode('expression_node', args, environment);
    player = new ImagePlayer(environment);
    probe = new Probe('/expression_node/expressions', IMAGE, environment);
    await Promise.all([node.line(/Ready: model/), player.line(/"ready"/), probe.line(/"ready"/)]);
    // Whatever is sent until the node has seen the publisher is of a time before, and forgotten.
    for (let round = 0; probe.heard.length === 0; round++) {
      assert.ok(round < 100, 'no answer');
      await player.publish(frames[0]!, { topic: IMAGE, stamp: { sec: 5 + round, nanosec: 0 } });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await probe.callService(['std_srvs', 'Trigger'], '/expression_node/reset_tracks', {});
  });
  after(() => Promise.all([player, probe, node].map((process) => process?.stop())));

  function stampOf(milliseconds: number) {
    return { sec: BEGIN_SECONDS + Math.floor(milliseconds / 1000), nanosec: (milliseconds % 1000) * 1e6 };
  }

  /** Publishes an image, a moment after it was taken by the simulated time. */
  async function publish(index: number, milliseconds = index * STEP_MILLISECONDS): Promise<number> {
    const { sec, nanosec } = stampOf(milliseconds + AGE_MILLISECONDS);
    await player.setClock(sec, nanosec);
    return player.publish(frames[index]!, { topic: IMAGE, stamp: stampOf(milliseconds) });
  }

  /**
   * Plays the recording from its beginning.
   *
   * @param rate times its own; it waits for each answer, so that none is dropped on a busy machine
   * @param disturb called after each image
   */
  async function play(rate: number, disturb: (index: number) => Promise<unknown> = async () => undefined) {
    const first = probe.heard.length;
    // Of a recording that begins anew the first image could be a late one, so it is sent twice.
    await publish(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let index = 0; index < frames.length; index++) {
      const due = performance.now() + STEP_MILLISECONDS / rate;
      const stamp = await publish(index);
      const answers = () => probe.heard.slice(first).filter(({ expressions }) => expressions === stamp);
      await probe.until(`answer to image ${index}`, () => (answers().length > 0 ? true : undefined));
      await disturb(index);
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    }
    return probe.heard.slice(first).map(outcomeOf);
  }

  function assertSame(outcomes: readonly Outcome[], expected: readonly Outcome[]): void {
    assert.equal(outcomes.length, expected.length);
    // The whole of both would fill a book.
    outcomes.forEach((outcome, index) => {
      assert.ok(isDeepStrictEqual(outcome, expected[index]), `answer ${index}`);
    });
  }

  let expected: readonly Outcome[];

  it('answers by the stamps, with latencies by the simulated time', async () => {
    const before = probe.heard.length;
    expected = await play(1);
    assert.equal(expected.length, frames.length);
    assert.ok(expected.some(([face]) => face !== undefined && face.category !== ''));
    const latencies = probe.heard
      .slice(before)
      .flatMap(({ faces }) => faces.map(({ milliseconds }) => milliseconds[2]));
    for (const latency of latencies) assert.ok(Math.abs(latency - AGE_MILLISECONDS) < 0.01, `${latency} ms`);
  });

  it('gives the same at five times the rate, from the beginning of a recording that begins anew', async () => {
    assertSame(await play(5), expected);
    await node.line(/WARN.*On \/image: Stamps have gone back by 2\.\d+ s .*all faces are forgotten/);
  });

  it('gives the same with late and repeated images in between', async () => {
    const disturbed = await play(5, async (index) => {
      if (index % 3 === 0) await publish(index);
      if (index > 2 && index % 4 === 0) await publish(index - 2);
    });
    assertSame(disturbed, expected);
    await node.line(/WARN.*On \/image: An image has the stamp of the one before it, and is not processed/);
    await node.line(/WARN.*On \/image: An image is \d\.\d+ s older than one before it, and is not processed/);
  });

  it('counts them in its last words', async () => {
    node.kill('SIGINT');
    const summary = await node.line(/SIGINT: stopping/);
    const [, late, repeated, back] = /(\d+) late, (\d+) of a repeated stamp,.* went back (\d+)/
      .exec(summary)!
      .map(Number);
    // Two recordings began anew, each with a first image that could be a late one.
    assert.deepEqual([late, back], [6 + 2, 2]);
    assert.ok(repeated! >= 9, summary);
  });
});
