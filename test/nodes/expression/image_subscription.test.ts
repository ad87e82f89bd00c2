import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import type { CompressedImage, EncodedImage, SensorImage } from '../../../src/perception/image/encoded_image.js';
import { ffmpegMissing } from '../../support/clips.js';
import { readSmallPhoto } from '../../support/demo_photos.js';
import { ImagePlayer } from '../../support/image_player.js';
import {
  type HeardFace,
  Probe,
  ROS_DOMAIN,
  rosMissing,
  startNode,
  type TestProcess,
} from '../../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const RAW = '/camera/image_raw';
const COMPRESSED = `${RAW}/compressed`;

describe('the images of expression_node', { skip: rosMissing || ffmpegMissing }, () => {
  const nodes: TestProcess[] = [];
  let node: TestProcess;
  let player: ImagePlayer;
  let probe: Probe;
  let raw: EncodedImage;
  let jpeg: CompressedImage;
  let png: CompressedImage;

  before(async () => {
    const { data, width, height } = readSmallPhoto();
    raw = { encoding: 'rgb8', width, height, step: 3 * width, isBigendian: 0, data };
    const picture = () => sharp(data, { raw: { width, height, channels: 3 } });
    jpeg = { format: 'rgb8; jpeg compressed bgr8', data: await picture().jpeg({ quality: 95 }).toBuffer() };
    png = { format: 'png', data: await picture().png().toBuffer() };
    player = new ImagePlayer(environment);
    probe = new Probe('/expression_node/expressions', RAW, environment);
    await Promise.all([player.line(/"ready"/), probe.line(/"ready"/)]);
  });
  after(() => Promise.all([player, probe, ...nodes].map((process) => process?.stop())));

  async function start(...args: string[]): Promise<void> {
    node = startNode('expression_node', ['-p', 'max_faces:=1', '-p', 'lazy:=false', ...args], environment);
    nodes.push(node);
    await node.line(/Ready: model/);
  }

  /** Publishes an image again and again until the node has answered one; the answer. */
  async function answerTo(image: SensorImage, topic: string, reliable = true) {
    const stamps = new Set<number>();
    const find = () => probe.heard.find(({ expressions }) => stamps.has(expressions));
    for (let round = 0; find() === undefined; round++) {
      assert.ok(round < 100, `no answer to images on ${topic}; the node said:\n${node.lines.join('\n')}`);
      stamps.add(await player.publish(image, { topic, reliable }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return find()!;
  }

  describe('with image_transport auto', () => {
    before(() => start('-r', `image:=${RAW}`));
    after(() => node.stop());

    it('are compressed ones while nobody publishes others', async () => {
      const answer = await answerTo(jpeg, COMPRESSED);
      assert.equal(answer.frame_id, 'player');
      assert.equal(answer.faces.length, 1);
      await node.line(/Images are taken from \/camera\/image_raw\/compressed/);
      const [{ box }] = (await answerTo(png, COMPRESSED)).faces as readonly [HeardFace];
      box.forEach((value, at) => {
        assert.ok(Math.abs(value - answer.faces[0]!.box[at]!) < 8, `${box} and ${answer.faces[0]!.box}`);
      });
    });

    it('are refused with the reason where they cannot be decoded, and the next one is welcome', async () => {
      for (const { image, words } of [
        {
          image: { ...jpeg, data: jpeg.data.subarray(0, 2000) },
          words: /the JPEG of 2000 bytes is "VipsJpeg: premature/,
        },
        { image: { format: 'h264', data: Uint8Array.of(0, 0, 0, 1, 7) }, words: /data of format "h264" is "000000/ },
      ]) {
        const before = node.lines.length;
        await answerTo(jpeg, COMPRESSED);
        for (let round = 0; round < 20 && !node.lines.slice(before).some((line) => words.test(line)); round++) {
          await player.publish(image, { topic: COMPRESSED });
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const line = await node.line(words);
        assert.match(line, /WARN.*An image was refused.*\(from the image on \/camera\/image_raw\/compressed\)/);
      }
      await answerTo(jpeg, COMPRESSED);
    });

    it('have as many bits as the node is told while it runs', async () => {
      const { width, height, data } = raw;
      const samples = Uint16Array.from({ length: width * height }, (_, pixel) => data[3 * pixel]! * 4);
      const dark = { encoding: 'mono16', width, height, step: 2 * width, isBigendian: 0 };
      const image = { ...dark, data: new Uint8Array(samples.buffer) };
      await probe.callService(['std_srvs', 'Trigger'], '/expression_node/reset_tracks', {});
      assert.equal((await answerTo(image, RAW)).faces.length, 0);
      assert.equal((await probe.setParameter('/expression_node', 'sixteen_bit_depth', 10)).successful, true);
      assert.equal((await answerTo(image, RAW)).faces.length, 1);
      await player.leave(RAW);
      await answerTo(jpeg, COMPRESSED);
    });

    it('are raw ones as soon as somebody publishes them, of either reliability, and compressed ones again after that', async () => {
      for (const reliable of [false, true]) {
        assert.equal((await answerTo(raw, RAW, reliable)).faces.length, 1);
        await node.line(/Images are taken from \/camera\/image_raw\.$/);
        await player.leave(RAW);
        assert.equal((await answerTo(jpeg, COMPRESSED)).faces.length, 1);
      }
      const said = node.lines.filter((line) => /Images are taken from/.test(line));
      assert.equal(said.length, 7, said.join('\n'));
    });
  });

  it('are missed with the reason where others are published, or of another reliability or type', async () => {
    await start('-r', `image:=${COMPRESSED}`, '-p', 'image_transport:=raw', '-r', '__node:=stray');
    const stray = node;
    await start('-r', `image:=${RAW}`, '-p', 'image_transport:=raw', '-p', 'reliability:=reliable');
    await stray.line(
      /WARN.*No image on \/camera\/image_raw\/compressed for \d+ s: what is published there is sensor_msgs\/msg\/CompressedImage, not sensor_msgs\/msg\/Image\. Remap/,
    );
    await node.line(
      /WARN.*No image on \/camera\/image_raw for \d+ s: nobody publishes there, but on \/camera\/image_raw\/compressed \(sensor_msgs\/msg\/CompressedImage\)\. Set the parameter image_transport to compressed or auto/,
    );
    await player.publish(raw, { topic: RAW, reliable: false });
    await node.line(/WARN.*1 of 1 publisher\(s\) on \/camera\/image_raw are best effort, and not heard/);
    await player.leave(RAW);
    await answerTo(raw, RAW);
  });
});
