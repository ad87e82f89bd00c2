import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Demand } from '../../../src/nodes/expression/demand.js';
import { clipsMissing } from '../../support/clips.js';
import { NodeOnClip } from '../../support/node_on_clip.js';
import { type Probe, rosMissing, type TestProcess } from '../../support/ros_processes.js';

it('Demand lasts a while after the last listener has left, and not from the start', () => {
  let milliseconds = 0;
  const demand = new Demand(() => milliseconds);
  assert.equal(demand.lasts(false), false);
  assert.equal(demand.lasts(true), true);
  milliseconds = 1999;
  assert.equal(demand.lasts(false), true);
  milliseconds = 2000;
  assert.equal(demand.lasts(false), false);
  assert.equal(demand.lasts(true), true);
});

describe('expression_node where nobody listens', { skip: rosMissing || clipsMissing }, () => {
  const NODE = '/expression_node';
  const EXPRESSIONS = `${NODE}/expressions`;
  const TYPE = 'facial_expression_recognition/msg/FacialExpressions';
  interface Expressions {
    readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
    readonly faces: readonly { readonly track_id: number; readonly category: string }[];
  }

  let run: NodeOnClip;
  let node: TestProcess;
  let probe: Probe;

  before(async () => {
    // The probe hears images, so that there is one subscriber by it.
    run = new NodeOnClip({ parameters: ['mcdo_repeats:=10', 'landmark_extractor:=face_mesh'], expressions: '' });
    ({ node, probe } = run);
    const ready = node.line(/Ready: .*images from \/image_raw while somebody listens/);
    await Promise.all([ready, run.camera.line(/Playing/)]);
  });
  after(() => run.stop());

  /** Waits until so many processes subscribe to images. */
  async function subscribers(count: number): Promise<void> {
    for (let round = 0; (await probe.count('/image_raw')).subscribers !== count; round++) {
      assert.ok(round < 100, `not ${count} subscribers within 10 s`);
      await sleep(100);
    }
  }

  const named = ({ faces }: Expressions) => faces[0] !== undefined && faces[0].category !== '';

  it('takes no images until somebody listens, and then at once', async () => {
    await subscribers(1);
    await sleep(1000);
    await subscribers(1);
    const start = performance.now();
    await probe.listen(EXPRESSIONS, TYPE);
    await probe.hearOn<Expressions>(EXPRESSIONS, 1);
    const seconds = (performance.now() - start) / 1000;
    assert.ok(seconds < 2, `the first message came after ${seconds} s`);
    await probe.hearOn(EXPRESSIONS, 2, named);
  });

  it('takes none again when nobody is left, warns of no silence, and takes those who come then for others', async () => {
    const [{ faces }] = (await probe.hearOn<Expressions>(EXPRESSIONS, 1, named)) as [Expressions];
    await probe.ignore(EXPRESSIONS);
    await subscribers(1);
    // Longer than it takes until it is warned of silence.
    await sleep(6000);
    assert.ok(!node.lines.some((line) => /No image on/.test(line)), node.lines.join('\n'));
    await probe.listen(EXPRESSIONS, TYPE);
    const again = await probe.hearOn<Expressions>(EXPRESSIONS, 3, named);
    assert.ok(again.every((message) => message.faces[0]!.track_id > faces[0]!.track_id));
  });

  it('follows its faces on where a listener is gone for a moment only', async () => {
    const [{ faces }] = (await probe.hearOn<Expressions>(EXPRESSIONS, 1, named)) as [Expressions];
    await probe.ignore(EXPRESSIONS);
    await sleep(500);
    await probe.listen(EXPRESSIONS, TYPE);
    const [again] = (await probe.hearOn<Expressions>(EXPRESSIONS, 1)) as [Expressions];
    assert.equal(again.faces[0]!.track_id, faces[0]!.track_id);
    assert.notEqual(again.faces[0]!.category, '');
  });

  it('takes none where somebody listens but it is disabled', async () => {
    const type = ['std_srvs', 'SetBool'] as const;
    await probe.callService(type, `${NODE}/enable`, { data: false });
    await subscribers(1);
    await probe.callService(type, `${NODE}/enable`, { data: true });
    await probe.hearOn(EXPRESSIONS, 1);
  });

  it('takes images whoever listens where it is not lazy', async () => {
    assert.equal((await probe.setParameter(NODE, 'lazy', false)).successful, true);
    await probe.ignore(EXPRESSIONS);
    await sleep(3000);
    await subscribers(2);
    assert.equal((await probe.setParameter(NODE, 'lazy', true)).successful, true);
    await subscribers(1);
  });
});
