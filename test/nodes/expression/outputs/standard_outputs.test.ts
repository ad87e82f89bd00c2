import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setupModule } from '../../../scripts/setup/setup_modules.js';
import { clipsMissing } from '../../../support/clips.js';
import { NodeOnClip } from '../../../support/node_on_clip.js';
import { rosEnvironment, rosMissing } from '../../../support/ros_processes.js';

const NODE = '/expression_node';
const OPENDR = '/opendr/landmark_expression_recognition';
const skip = rosMissing || clipsMissing;

interface Stamped {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number }; readonly frame_id: string };
}

interface Detections extends Stamped {
  readonly detections: readonly {
    readonly id: string;
    readonly bbox: { readonly size_x: number; readonly center: { readonly position: { readonly x: number } } };
    readonly results: readonly { readonly hypothesis: { readonly class_id: string; readonly score: number } }[];
  }[];
}

interface Markers {
  readonly markers: readonly (Stamped & { readonly ns: string; readonly action: number; readonly text: string })[];
}

interface Expressions extends Stamped {
  readonly faces: readonly {
    readonly track_id: number;
    readonly category: string;
    readonly classes: readonly { readonly name: string; readonly mean: number }[];
  }[];
}

interface TestInterfaces {
  buildTestInterfaces(): Promise<NodeJS.ProcessEnv>;
}

/** The parameters of a node whose answers come soon. */
const QUICK = ['mcdo_repeats:=10', 'landmark_extractor:=face_mesh'];

describe('expression_node with the message packages of others', { skip }, () => {
  let run: NodeOnClip;
  before(async () => {
    const { buildTestInterfaces } = await setupModule<TestInterfaces>('test_interfaces.mjs');
    run = new NodeOnClip({ parameters: QUICK, environment: await buildTestInterfaces(), expressions: '' });
    await run.node.line(/Ready: model/, 60);
    await run.probe.line(/"ready"/);
  });
  after(() => run?.stop());

  it("publishes what OpenDR's node publishes, for that alone", async () => {
    const { probe } = run;
    await probe.listen(OPENDR, 'vision_msgs/msg/ObjectHypothesis');
    await probe.listen(`${OPENDR}_description`, 'std_msgs/msg/String');
    const [category] = await probe.hearOn<{ class_id: string; score: number }>(OPENDR, 3);
    const [description] = await probe.hearOn<{ data: string }>(`${OPENDR}_description`, 1);
    assert.match(category!.class_id, /^[0-7]$/);
    assert.ok(category!.score > 0 && category!.score <= 1);
    assert.match(description!.data, /^[A-Z][a-z]+$/);
  });

  it("publishes OpenDR's on other topics, while it runs", async () => {
    const { probe } = run;
    assert.equal((await probe.setParameter(NODE, 'opendr_description_topic', '/robot/mood')).successful, true);
    await probe.listen('/robot/mood', 'std_msgs/msg/String');
    await probe.hearOn('/robot/mood', 2);
    assert.equal((await probe.count(`${OPENDR}_description`)).publishers, 0);
    assert.equal((await probe.setParameter(NODE, 'publish_opendr', false)).successful, true);
    for (let round = 0; (await probe.count('/robot/mood')).publishers > 0; round++) {
      assert.ok(round < 50, 'the publisher is still there after 5 s');
      await sleep(100);
    }
  });

  it('publishes detections and markers that say what our own message says', async () => {
    const { probe } = run;
    await probe.listen(`${NODE}/expressions`, 'facial_expression_recognition/msg/FacialExpressions');
    await probe.listen(`${NODE}/detections`, 'vision_msgs/msg/Detection2DArray');
    await probe.listen(`${NODE}/markers`, 'visualization_msgs/msg/MarkerArray');
    const isNamed = ({ detections }: Detections) => (detections[0]?.results.length ?? 0) > 0;
    const detections = await probe.hearOn<Detections>(`${NODE}/detections`, 5, isNamed);
    await sleep(500);
    const timeOf = ({ header: { stamp } }: Stamped) => `${stamp.sec}.${stamp.nanosec}`;
    const own = new Map(probe.on<Expressions>(`${NODE}/expressions`).map((message) => [timeOf(message), message]));
    for (const message of detections) {
      const face = own.get(timeOf(message))?.faces[0];
      assert.ok(face, 'both messages are about the same images');
      const [detection] = message.detections;
      assert.equal(detection!.id, String(face.track_id));
      assert.ok(detection!.bbox.size_x > 40 && detection!.bbox.center.position.x > 200);
      const scores = new Map(detection!.results.map(({ hypothesis: { class_id, score } }) => [class_id, score]));
      assert.equal(scores.size, face.classes.length);
      for (const { name, mean } of face.classes) assert.ok(Math.abs(scores.get(name)! - mean) < 1e-6);
    }
    const drawn = probe.on<Markers>(`${NODE}/markers`).filter(({ markers }) => markers.length > 1);
    assert.ok(drawn.length > 0);
    for (const { markers } of drawn) {
      assert.equal(markers[0]!.action, 3);
      assert.deepEqual(
        markers.slice(1).map(({ ns, header }) => [ns, header.frame_id]),
        ['box', 'landmarks', 'category'].map((ns) => [ns, 'head']),
      );
    }
    for (const topic of ['expressions', 'detections', 'markers']) await probe.ignore(`${NODE}/${topic}`);
  });

  it('publishes faces in the way of REP 155, and takes their topics away when they leave', async () => {
    const { probe } = run;
    interface Ids extends Stamped {
      readonly ids: readonly string[];
    }
    const TRACKED = '/humans/faces/tracked';
    await probe.listen(TRACKED, 'hri_msgs/msg/IdsList');
    const [{ ids }] = (await probe.hearOn<Ids>(TRACKED, 5, (message) => message.ids.length === 1)) as [Ids];
    const id = ids[0]!;
    const face = `/humans/faces/${id}`;
    await probe.listen(`${face}/roi`, 'hri_msgs/msg/NormalizedRegionOfInterest2D');
    await probe.listen(`${face}/landmarks`, 'hri_msgs/msg/FacialLandmarks');
    await probe.listen(`${face}/expression`, 'hri_msgs/msg/Expression');
    const [expression] = await probe.hearOn<{ expression: string; confidence: number }>(`${face}/expression`, 2);
    assert.match(expression!.expression, /^(neutral|angry|sad|happy|surprised|disgusted|scared)$/);
    assert.ok(expression!.confidence > 0 && expression!.confidence <= 1);
    const [roi] = await probe.hearOn<{ xmin: number; xmax: number; c: number }>(`${face}/roi`, 1);
    assert.ok(roi!.xmin > 0.2 && roi!.xmax > roi!.xmin && roi!.xmax < 1 && roi!.c === 1);
    const [landmarks] = await probe.hearOn<{ landmarks: { x: number; c: number }[] }>(`${face}/landmarks`, 1);
    assert.equal(landmarks!.landmarks.length, 70);
    assert.deepEqual([landmarks!.landmarks[0]!.c, landmarks!.landmarks[69]!.c], [1, 0]);
    // The clip starts over while it is heard; the face keeps its id or gets one that was not there before.
    await probe.callService(['std_srvs', 'Trigger'], `${NODE}/reset_tracks`, {});
    const next = await probe.hearOn<Ids>(TRACKED, 1, (message) => message.ids.length === 1 && message.ids[0] !== id);
    assert.match(next[0]!.ids[0]!, /^[a-z]{5}$/);
    await probe.callService(['std_srvs', 'SetBool'], `${NODE}/enable`, { data: false });
    const last = await probe.until('an empty list', () =>
      probe.on<Ids>(TRACKED).findLast((message) => message.ids.length === 0),
    );
    assert.equal(last.header.frame_id, 'head');
    assert.equal((await probe.count(`${face}/roi`)).publishers, 0);
  });
});

/** A sourced ROS 2 may have them. */
const installed = ['vision_msgs', 'hri_msgs'].filter((name) =>
  (rosEnvironment().AMENT_PREFIX_PATH ?? '').split(':').some((prefix) => existsSync(join(prefix, 'share', name))),
);
const skipWithout = skip || (installed.length > 0 && `${installed.join(' and ')} are installed here`);

describe('expression_node without the message packages of others', { skip: skipWithout }, () => {
  let run: NodeOnClip;
  before(async () => {
    run = new NodeOnClip({ parameters: [...QUICK, 'publish_hri:=false'], expressions: '' });
    await run.node.line(/Ready: model/);
    await run.probe.line(/"ready"/);
  });
  after(() => run?.stop());

  it('says in a line what it does not publish, and publishes the rest', async () => {
    const { node, probe } = run;
    const said = node.lines.filter((line) => /is not installed/.test(line));
    assert.equal(said.length, 2, said.join('\n'));
    assert.match(said[0]!, new RegExp(`INFO.*vision_msgs is not installed: nothing is published on ${OPENDR}\\.`));
    assert.match(said[1]!, /INFO.*vision_msgs is not installed: nothing is published on ~\/detections\./);
    assert.equal((await probe.setParameter(NODE, 'publish_hri', true)).successful, true);
    await node.line(/INFO.*hri_msgs is not installed: nothing is published on \/humans\/faces\./);
    await probe.listen(`${OPENDR}_description`, 'std_msgs/msg/String');
    await probe.listen(`${NODE}/markers`, 'visualization_msgs/msg/MarkerArray');
    await probe.hearOn(`${OPENDR}_description`, 2);
    await probe.hearOn(`${NODE}/markers`, 2);
    assert.equal((await probe.count(OPENDR)).publishers, 0);
  });
});
