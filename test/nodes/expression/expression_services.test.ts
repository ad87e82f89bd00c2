import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { clipsMissing } from '../../support/clips.js';
import { NodeOnClip } from '../../support/node_on_clip.js';
import { type HeardExpressions, type Probe, rosMissing, type TestProcess } from '../../support/ros_processes.js';
import { UNTRAINED_CLASSES, writeUntrainedModel } from '../../support/untrained_model.js';

const NODE = '/expression_node';
const BOOL = 1;
const INTEGER = 2;
const DOUBLE = 3;
const STRING = 4;

interface AnnotatedMessage {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly encoding: string;
  readonly data: readonly number[];
}

const named = ({ faces }: HeardExpressions) => faces[0] !== undefined && faces[0].category !== '';

describe('expression_node while it runs', { skip: rosMissing || clipsMissing }, () => {
  let run: NodeOnClip;
  let node: TestProcess;
  let probe: Probe;
  let untrained: Awaited<ReturnType<typeof writeUntrainedModel>>;

  before(async () => {
    untrained = await writeUntrainedModel();
    // An integer for a double, as people write it.
    run = new NodeOnClip({ parameters: ['neutral_odds:=1', 'landmark_extractor:=face_mesh', 'mcdo_repeats:=20'] });
    ({ node, probe } = run);
    await probe.hear(3, named);
  });
  after(async () => {
    await run.stop();
    await untrained.remove();
  });

  const set = async (name: string, value: number | string | boolean) => {
    const { successful, reason } = await probe.setParameter(NODE, name, value);
    assert.equal(successful, true, `${name}: ${reason}`);
  };
  const call = <Response = { success: boolean; message: string }>(kind: string, name: string, request = {}) =>
    probe.callService<Response>(
      [kind === 'LoadModel' ? 'facial_expression_recognition' : 'std_srvs', kind],
      `${NODE}/${name}`,
      request,
    );

  it('describes its parameters with types and ranges', async () => {
    for (const { name, type, range, read_only } of [
      { name: 'autostart', type: BOOL, range: [], read_only: true },
      { name: 'mcdo_repeats', type: INTEGER, range: [[0, 1000]], read_only: false },
      { name: 'neutral_odds', type: DOUBLE, range: [[0.01, 100]], read_only: false },
      { name: 'model', type: STRING, range: [], read_only: false },
    ]) {
      const described = await probe.describeParameter(NODE, name);
      assert.deepEqual([described.type, described.range, described.read_only], [type, range, read_only], name);
      assert.ok(described.description.length > 30);
    }
  });

  it('takes numbers of either kind, and says why it refuses one', async () => {
    await set('neutral_odds', 2);
    await set('neutral_odds', 1.5);
    await set('mcdo_repeats', 30);
    for (const { name, value, words } of [
      { name: 'neutral_odds', value: 0, words: /neutral_odds is 0, expected a number from 0.01 to 100/ },
      { name: 'min_confidence', value: 1.5, words: /min_confidence is 1.5, expected a number from 0 to 1/ },
      { name: 'mcdo_repeats', value: 2.5, words: /mcdo_repeats is 2.5, expected an integer from 0 to 1000/ },
      {
        name: 'mcdo_repeat',
        value: 5,
        words: /There is no parameter "mcdo_repeat". The parameters are .*mcdo_repeats/,
      },
      { name: '', value: 5, words: /There is no parameter ""/ },
      { name: 'use_sim_time', value: 'yes', words: /use_sim_time has another type than 1/ },
      { name: 'threads', value: 2, words: /threads is 2, expected no change while the node is active/ },
    ]) {
      const { successful, reason } = await probe.setParameter(NODE, name, value);
      assert.equal(successful, false, name);
      assert.match(reason, words);
    }
  });

  it('turns dropout off and on, draws fewer repeats, and names nothing that is not sure, without losing the face', async () => {
    const [{ faces }] = (await probe.hear(1, named)) as [HeardExpressions];
    const { track_id: id } = faces[0]!;
    await set('monte_carlo_dropout', false);
    await probe.hear(3, (heard) => named(heard) && heard.faces[0]!.repeats === 0);
    await set('monte_carlo_dropout', true);
    await set('mcdo_repeats', 100);
    await set('mcdo_error_probability', 0.5);
    await probe.hear(3, (heard) => named(heard) && heard.faces[0]!.repeats > 0 && heard.faces[0]!.repeats < 100);
    await set('mcdo_error_probability', 0);
    await set('min_confidence', 1);
    const uncertain = await probe.hear(3, (heard) => heard.faces[0]?.category === 'uncertain');
    for (const heard of uncertain) {
      const face = heard.faces[0]!;
      assert.equal(face.category_index, -1);
      assert.ok(face.confidence > 0 && face.confidence < 1 && face.classes.length > 1);
      assert.equal(face.track_id, id);
    }
    await set('min_confidence', 0);
    await probe.hear(3, (heard) => named(heard) && heard.faces[0]!.category !== 'uncertain');
  });

  it('processes no more images a second than it may', async () => {
    await set('max_rate_hz', 5.0);
    await probe.hear(2);
    const heard = await probe.hear(8);
    const seconds = (heard.at(-1)!.expressions - heard[0]!.expressions) / 1e9;
    assert.ok(seconds > 1.2, `8 images in ${seconds} s`);
    await set('max_rate_hz', 0.0);
  });

  it('is disabled and enabled', async () => {
    assert.equal((await call('SetBool', 'enable', { data: false })).success, true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = probe.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(probe.heard.length, before);
    assert.deepEqual(await call('SetBool', 'enable', { data: true }), {
      answered: `${NODE}/enable`,
      success: true,
      message: 'Images are processed.',
    });
    await probe.hear(3, named);
  });

  it('draws the faces into images, as pixels and as JPEG, and nothing where that is not to be', async () => {
    const [raw, compressed] = [`${NODE}/annotated_image`, `${NODE}/annotated_image/compressed`];
    await probe.listen(compressed, 'sensor_msgs/msg/CompressedImage');
    const [jpeg] = (await probe.hearOn<AnnotatedMessage>(compressed, 1)) as [AnnotatedMessage];
    await probe.ignore(compressed);
    await probe.listen(raw, 'sensor_msgs/msg/Image');
    const [image] = (await probe.hearOn<AnnotatedMessage>(raw, 1)) as [AnnotatedMessage];
    await probe.ignore(raw);
    // The message about an image may come after what is drawn of it.
    await probe.hear(2);
    const { width, height, channels } = await sharp(Uint8Array.from(jpeg.data)).metadata();
    assert.deepEqual([width, height, channels], [image.width, image.height, 3]);
    assert.deepEqual([image.encoding, image.step, image.data.length], ['rgb8', 3 * width!, 3 * width! * height!]);
    const [, face] = [jpeg, image].map(({ header }) => {
      assert.equal(header.frame_id, 'head');
      // Numbers of nanoseconds are off by up to 128.
      const stamp = header.stamp.sec * 1e9 + header.stamp.nanosec;
      return probe.heard.flatMap(({ faces }) => faces).find((heard) => Math.abs(heard.stamp - stamp) < 1000)!;
    });
    // The left edge of the face's box, where no landmark is.
    const [x, y, , boxHeight] = face!.box;
    const edge = Array.from({ length: Math.floor(boxHeight / 4) }, (_, row) => {
      const at = 3 * (Math.floor(y + row + 1) * image.width + Math.floor(x));
      return image.data.slice(at, at + 3).join();
    });
    assert.equal(new Set(edge).size, 1, edge.join(' '));
    await set('publish_annotated_image', false);
    const gone = async () => (await probe.count(raw)).publishers === 0;
    for (let waited = 0; !(await gone()); waited += 100) {
      assert.ok(waited < 5000);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await set('publish_annotated_image', true);
  });

  it('forgets faces, and gives the next ones other ids', async () => {
    const [{ faces }] = (await probe.hear(1, named)) as [HeardExpressions];
    assert.equal((await call('Trigger', 'reset_tracks')).success, true);
    const heard = await probe.hear(
      3,
      (message) => message.faces[0] !== undefined && message.faces[0].track_id > faces[0]!.track_id,
    );
    assert.ok(heard.every((message) => message.faces.length === 1));
  });

  it('loads another model while it runs, and keeps the one that it has where that cannot be loaded', async () => {
    const [{ faces }] = (await probe.hear(1, named)) as [HeardExpressions];
    const model = `${untrained.directory}/${untrained.name}`;
    const answer = await call<{ success: boolean; message: string; classes: string[] }>('LoadModel', 'load_model', {
      model,
    });
    assert.deepEqual([answer.success, answer.classes], [true, [...UNTRAINED_CLASSES]], answer.message);
    const [heard] = (await probe.hear(
      1,
      (message) => named(message) && message.faces[0]!.classes.length === UNTRAINED_CLASSES.length,
    )) as [HeardExpressions];
    assert.equal(heard.faces[0]!.track_id, faces[0]!.track_id);
    for (const wrong of ['/nowhere/absent', '']) {
      const refused = await call('LoadModel', 'load_model', { model: wrong });
      assert.equal(refused.success, false);
      assert.match(refused.message, wrong === '' ? /model is "", expected a text that is not empty/ : /absent\.json/);
    }
    await probe.hear(3, (message) => message.faces[0]?.classes.length === UNTRAINED_CLASSES.length);
    await probe.changeState(NODE, 'deactivate');
    await probe.changeState(NODE, 'cleanup');
    const unconfigured = await call('LoadModel', 'load_model', { model: 'expressions' });
    assert.equal(unconfigured.success, false);
    assert.match(unconfigured.message, /the state of the node is "unconfigured", expected inactive or active/);
    assert.deepEqual(await probe.changeState(NODE, 'configure'), { changed: true, state: 'inactive' });
    await node.line(new RegExp(`Configured: model ${model} `));
  });
});
