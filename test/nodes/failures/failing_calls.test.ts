import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { packageRoot } from '../../../src/package_root.js';
import { clipsMissing } from '../../support/clips.js';
import { readSmallPhoto } from '../../support/demo_photos.js';
import { temporaryFolder } from '../../support/folders.js';
import { ImagePlayer } from '../../support/image_player.js';
import { NodeOnClip } from '../../support/node_on_clip.js';
import {
  type HeardExpressions,
  type Probe,
  ROS_DOMAIN,
  rosMissing,
  type TestProcess,
} from '../../support/ros_processes.js';
import { type FailingCall, RUN_SESSIONS } from './failing_calls.js';

const NODE = '/expression_node';
const DIAGNOSTICS = '/diagnostics';

const named = ({ faces }: HeardExpressions) => faces[0] !== undefined && faces[0].category !== '';

/** What a service answers that can fail. */
interface Answer {
  readonly success: boolean;
  readonly message: string;
}

interface Diagnostics {
  readonly status: readonly { readonly level: readonly number[]; readonly name: string; readonly message: string }[];
}

describe('expression_node, of whose calls one after the other fails,', { skip: rosMissing || clipsMissing }, () => {
  let run: NodeOnClip;
  let node: TestProcess;
  let probe: Probe;
  const folder = temporaryFolder();
  let sessions = 0;

  before(async () => {
    fail({});
    const preload = pathToFileURL(join(packageRoot(), 'build/ts/test/nodes/failures/failing_calls.js')).href;
    run = new NodeOnClip({
      parameters: ['autostart:=false', 'mcdo_repeats:=5'],
      nodeEnvironment: { FER_FAILING_CALL: join(folder.path, 'call.json'), NODE_OPTIONS: `--import ${preload}` },
    });
    ({ node, probe } = run);
    await probe.line(/"ready"/);
    await probe.listen(DIAGNOSTICS, 'diagnostic_msgs/msg/DiagnosticArray');
  });
  after(() => run.stop());

  function fail(call: FailingCall | Record<string, never>): void {
    // In one step: the node may read it at any moment.
    writeFileSync(join(folder.path, 'next.json'), JSON.stringify(call));
    renameSync(join(folder.path, 'next.json'), join(folder.path, 'call.json'));
  }
  const change = (label: string) => probe.changeState(NODE, label);
  /** What the next diagnostics say of a part of the node that are of this level and say so. */
  const told = async (level: number, words = /./, part: 'state' | 'images' = 'state') => {
    const of = ({ status }: Diagnostics) => status.find(({ name }) => name.endsWith(`: ${part}`))!;
    const isTold = (heard: Diagnostics) => of(heard).level[0] === level && words.test(of(heard).message);
    const [heard] = (await probe.hearOn<Diagnostics>(DIAGNOSTICS, 1, isTold, 20)) as [Diagnostics];
    return of(heard).message;
  };

  /** Makes the calls of a kind that configuring takes fail in turn; how many there are. */
  async function failInTurn(callOf: (number: number) => FailingCall): Promise<number> {
    for (let number = 1; ; number++) {
      fail(callOf(number));
      const { changed, state } = await change('configure');
      if (changed) {
        await change('cleanup');
        return number - 1;
      }
      assert.equal(state, 'unconfigured');
      const what = JSON.stringify(callOf(number));
      const message = await told(2);
      assert.match(message, /^The node is unconfigured: Failed to configure: /, what);
      assert.match(message, /EFAULT/, what);
      // An error of a type that is expected says all in its words; any other would come with its stack.
      assert.doesNotMatch(message, /\n\s+at /, what);
    }
  }

  it('says which file could not be read', async () => {
    const files = await failInTurn((number) => ({ kind: 'file', number }));
    assert.ok(files >= 5, `${files} files`);
  });

  it('says which network could not be opened, and that one could not be run when it was tried', async () => {
    sessions = await failInTurn((number) => ({ kind: 'session', number }));
    assert.ok(sessions >= 3, `${sessions} sessions`);
    const run: FailingCall = { kind: 'run', session: sessions, number: 1 };
    fail(run);
    assert.equal((await change('configure')).changed, false);
    assert.match(await told(2), /^The node is unconfigured: Failed to configure: .*made to fail/);
  });

  it('says that no worker can be started', async () => {
    fail({ kind: 'worker' });
    assert.equal((await change('configure')).changed, false);
    assert.match(await told(2), /^The node is unconfigured: Failed to configure: .*made to fail/);
  });

  it('ends where it was before it was configured where a network, or the worker, breaks at work, and says why', async () => {
    // A model that makes nothing of pixels has the network for them opened, and not run.
    const runSessions = join(folder.path, RUN_SESSIONS);
    fail({});
    rmSync(runSessions);
    assert.equal((await change('configure')).changed, true);
    assert.equal((await change('activate')).changed, true);
    await probe.hear(2, named);
    await change('deactivate');
    await change('cleanup');
    const run = readFileSync(runSessions, 'utf8')
      .trim()
      .split('\n')
      .map(Number)
      .sort((a, b) => a - b);
    assert.ok(run.length >= 3 && run.includes(sessions), `sessions ${run} of ${sessions}`);
    const runs = run.map((session) => ({
      ...({ kind: 'run', session } as const),
      // The last one that is opened then, the classifier, is run once when it is configured.
      number: session === sessions ? 2 : 1,
    }));
    const faults: { readonly call: FailingCall; readonly words: RegExp }[] = [
      ...runs.map((call) => ({ call, words: /made to fail/ })),
      { call: { kind: 'run', session: 1, number: 1, ends: 'by exit' }, words: /ended with exit code 3/ },
      { call: { kind: 'run', session: 1, number: 1, ends: 'for lack of memory' }, words: /memory/ },
      { call: { kind: 'post', number: 4 }, words: /made to fail/ },
    ];
    for (const { call, words } of faults) {
      fail(call);
      const what = JSON.stringify(call);
      assert.equal((await change('configure')).changed, true, what);
      assert.equal((await change('activate')).changed, true, what);
      const message = await told(2, /^The node is unconfigured: Cannot go on: the expression worker/);
      assert.match(message, words, what);
    }
  });

  it('goes on with its model where another one breaks while it is loaded, and says why', async () => {
    fail({});
    assert.equal((await change('configure')).changed, true);
    assert.equal((await change('activate')).changed, true);
    // By then it has opened all that it needs.
    await probe.hear(10, named);
    const faults: FailingCall[] = [
      { kind: 'session', number: 0 },
      // It can be opened, and cannot be run when it is tried.
      { kind: 'run', session: 0, number: 1 },
      { kind: 'file', number: 1 },
      { kind: 'file', number: 2 },
    ];
    for (const call of faults) {
      fail(call);
      const what = JSON.stringify(call);
      const model = ['facial_expression_recognition', 'LoadModel'] as const;
      const answer = await probe.callService<Answer>(model, `${NODE}/load_model`, { model: 'expressions' });
      assert.equal(answer.success, false, what);
      assert.match(answer.message, /EFAULT/, what);
      assert.doesNotMatch(answer.message, /\n\s+at /, what);
      assert.match(await told(1), /^~\/load_model failed: .*EFAULT/, what);
      await probe.hear(2, named);
    }
    await change('deactivate');
    await change('cleanup');
  });

  it('says that an image cannot be drawn, or not be decoded, and takes the next one', async () => {
    const annotated = `${NODE}/annotated_image/compressed`;
    fail({ kind: 'sharp', makes: 'jpeg' });
    assert.equal((await change('configure')).changed, true);
    assert.equal((await change('activate')).changed, true);
    await probe.listen(annotated, 'sensor_msgs/msg/CompressedImage');
    assert.match(await told(1, /annotated/), /^An image could not be annotated: .*made to fail/);
    await probe.hear(3);
    fail({});
    await probe.hearOn(annotated, 1);
    await probe.ignore(annotated);
    await change('deactivate');
    await change('cleanup');
    fail({ kind: 'sharp', makes: 'raw' });
    assert.equal((await probe.setParameter(NODE, 'image_transport', 'compressed')).successful, true);
    assert.equal((await change('configure')).changed, true);
    assert.equal((await change('activate')).changed, true);
    const player = new ImagePlayer({ ROS_DOMAIN_ID: ROS_DOMAIN });
    try {
      const { data, width, height } = readSmallPhoto();
      const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toBuffer();
      const publishing = setInterval(() => {
        player.publish({ format: 'jpeg', data: jpeg }, { topic: '/image_raw/compressed' });
      }, 100);
      try {
        assert.match(await told(1, /refused/, 'images'), /images were refused in the last \d+ s: .*made to fail/);
        fail({});
        await probe.hear(3);
      } finally {
        clearInterval(publishing);
      }
    } finally {
      await player.stop();
    }
    await change('deactivate');
    await change('cleanup');
    assert.equal((await probe.setParameter(NODE, 'image_transport', 'auto')).successful, true);
  });

  it('works once nothing fails any more, and warns of a worker that breaks and is replaced', async () => {
    fail({});
    assert.equal((await change('configure')).changed, true);
    assert.equal((await change('activate')).changed, true);
    await probe.hear(3);
    await told(0);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    fail({ kind: 'run', session: 1, number: 1 });
    await node.line(/ERROR.*Another worker is started, since the expression worker broke: .*made to fail/);
    // The next worker is still loading.
    fail({});
    assert.match(await told(1), /^Another worker is started, since the expression worker broke: .*made to fail/);
    await probe.hear(3);
  });
});
