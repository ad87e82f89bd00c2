import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package_root.js';
import { clipsMissing } from '../../support/clips.js';
import { temporaryFolder } from '../../support/folders.js';
import { NodeOnClip } from '../../support/node_on_clip.js';
import { type Probe, rosMissing, type TestProcess } from '../../support/ros_processes.js';
import type { FailingCall } from './failing_calls.js';

const NODE = '/expression_node';
const DIAGNOSTICS = '/diagnostics';

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
  /** What the next diagnostics say of the node's state that are of this level and say so. */
  const told = async (level: number, words = /./) => {
    const isTold = ({ status: [state] }: Diagnostics) => state!.level[0] === level && words.test(state!.message);
    const [{ status }] = (await probe.hearOn<Diagnostics>(DIAGNOSTICS, 1, isTold, 20)) as [Diagnostics];
    return status[0]!.message;
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
    const runs = Array.from({ length: sessions }, (_, index) => ({
      ...({ kind: 'run', session: index + 1 } as const),
      // The last one, the classifier, is run once when it is configured.
      number: index + 1 === sessions ? 2 : 1,
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
