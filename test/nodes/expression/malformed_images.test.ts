import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import type { SensorImage } from '../../../src/perception/image/encoded_image.js';
import { ImagePlayer } from '../../support/image_player.js';
import { malformedCompressedImage, malformedImage, smallFiles } from '../../support/malformed_images.js';
import { Probe, ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const RAW = '/image';
const COMPRESSED = '/image/compressed';
const IMAGES = 150;
/** Between good ones. */
const ROUND = 30;

describe('expression_node among malformed images', { skip: rosMissing }, () => {
  const random = new SeededRandom(2);
  const good = {
    encoding: 'mono8',
    width: 32,
    height: 24,
    step: 32,
    isBigendian: 0,
    data: new Uint8Array(768).fill(90),
  };
  let node: TestProcess;
  let player: ImagePlayer;
  let probe: Probe;

  before(async () => {
    node = startNode('expression_node', ['-p', 'lazy:=false', '-p', 'depth:=10'], environment);
    player = new ImagePlayer(environment);
    probe = new Probe('/expression_node/expressions', RAW, environment);
    await Promise.all([node.line(/Ready: model/), player.line(/"ready"/), probe.line(/"ready"/)]);
  });
  after(() => Promise.all([player, probe, node].map((process) => process?.stop())));

  function residentMegabytes(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))![1]) / 1000;
  }

  /** Publishes a good image until it is answered: a stamp of another time before it may cost one or two. */
  async function expectAnswer(image: SensorImage, topic: string): Promise<void> {
    const stamps = new Set<number>();
    for (let round = 0; !probe.heard.some(({ expressions }) => stamps.has(expressions)); round++) {
      assert.ok(round < 100, `no answer to a good image; the node said:\n${node.lines.slice(-10).join('\n')}`);
      stamps.add(await player.publish(image, { topic }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Publishes malformed images, with good ones among them, some with stamps that are out of all order. */
  async function play(make: () => SensorImage, goodOne: SensorImage, topic: string): Promise<void> {
    await expectAnswer(goodOne, topic);
    for (let count = 1; count <= IMAGES; count++) {
      const stamp = { sec: random.nextUint32() | 0, nanosec: random.nextUint32() };
      await player.publish(make(), { topic, ...(count % 10 === 0 ? { stamp } : {}) });
      if (count % ROUND === 0) await expectAnswer(goodOne, topic);
    }
  }

  it('answers the good ones, says what is wrong with the others now and then, and takes no memory', async () => {
    const start = performance.now();
    await play(() => malformedImage(random), good, RAW);
    const before = residentMegabytes();
    await play(() => malformedImage(random), good, RAW);
    await player.leave(RAW);
    const files = await smallFiles();
    await play(() => malformedCompressedImage(random, files), { format: 'jpeg', data: files[0]! }, COMPRESSED);
    const now = residentMegabytes();
    // JPEG's decoder is loaded in between.
    assert.ok(now < before + 60, `${before} MB, then ${now} MB`);
    const warnings = node.lines.filter((line) => line.includes('An image was refused: '));
    assert.ok(warnings.some((line) => /encoding is ".*", expected one of rgb8/.test(line)));
    // Twenty kinds are told apart within five seconds, and what comes beside them is one more.
    const intervals = 1 + Math.ceil((performance.now() - start) / 5000);
    assert.ok(warnings.length <= 21 * intervals, `${warnings.length} warnings`);
  });

  it('tells of them in its last words', async () => {
    node.kill('SIGINT');
    const summary = await node.line(/SIGINT: stopping/);
    const refused = Number(/(\d+) refused/.exec(summary)![1]);
    assert.ok(refused > IMAGES / 2, summary);
    assert.equal(await node.exit, 0);
  });
});
