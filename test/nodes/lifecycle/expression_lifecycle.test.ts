import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { clipsMissing } from '../../support/clips.js';
import { NodeOnClip } from '../../support/node_on_clip.js';
import { type Probe, ROS_DOMAIN, rosMissing, startNode, type TestProcess } from '../../support/ros_processes.js';

const NODE = '/expression_node';

/** lifecycle_msgs/msg/State, and Transition alike. */
interface State {
  readonly label: string;
}

/** Threads and open files of a process. */
function holdingsOf(pid: number) {
  const threads = Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  return { threads, handles: readdirSync(`/proc/${pid}/fd`).length };
}

describe('the states of expression_node', { skip: rosMissing || clipsMissing }, () => {
  let run: NodeOnClip;
  let node: TestProcess;
  let probe: Probe;

  before(async () => {
    run = new NodeOnClip({ parameters: ['autostart:=false'] });
    ({ node, probe } = run);
    await probe.line(/"ready"/);
  });
  after(() => run.stop());

  const change = (label: string) => probe.changeState(NODE, label);

  it('refuses what is not possible in a state, and goes on', async () => {
    for (const label of ['activate', 'deactivate', 'cleanup', 'transition_success', 'destroy', 'nonsense']) {
      assert.deepEqual(await change(label), { changed: false, state: 'unconfigured' }, label);
    }
    await node.line(/WARN.*Refused to activate: .* from unconfigured. Possible now: configure, shutdown/);
  });

  it('tells which transitions there are, and which of them are possible now', async () => {
    const ask = async (service: string) => {
      const answer = await probe.callService<{
        available_transitions: { transition: State; start_state: State; goal_state: State }[];
      }>(['lifecycle_msgs', 'GetAvailableTransitions'], `${NODE}/${service}`, {});
      return answer.available_transitions.map(
        ({ transition, start_state, goal_state }) => `${start_state.label} ${transition.label} ${goal_state.label}`,
      );
    };
    assert.deepEqual(await ask('get_available_transitions'), [
      'unconfigured configure configuring',
      'unconfigured shutdown shuttingdown',
    ]);
    const graph = await ask('get_transition_graph');
    for (const one of ['inactive activate activating', 'active shutdown shuttingdown', 'inactive cleanup cleaningup']) {
      assert.ok(graph.includes(one), `${one} among ${graph}`);
    }
  });

  it('says why it cannot be configured, and can be once that is mended', async () => {
    assert.equal((await probe.setParameter(NODE, 'model', '/nowhere/absent')).successful, true);
    assert.deepEqual(await change('configure'), { changed: false, state: 'unconfigured' });
    await node.line(/ERROR.*Failed to configure: .*\/nowhere\/absent\.json/);
    assert.equal((await probe.setParameter(NODE, 'model', 'expressions')).successful, true);
    assert.deepEqual(await change('configure'), { changed: true, state: 'inactive' });
    for (const label of ['configure', 'deactivate']) {
      assert.deepEqual(await change(label), { changed: false, state: 'inactive' }, label);
    }
  });

  it('works while it is active only', async () => {
    const before = probe.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(probe.heard.length, before);
    assert.deepEqual(await change('activate'), { changed: true, state: 'active' });
    await probe.hear(5);
    for (const label of ['configure', 'activate', 'cleanup']) {
      assert.deepEqual(await change(label), { changed: false, state: 'active' }, label);
    }
    await probe.hear(5);
    assert.deepEqual(await change('deactivate'), { changed: true, state: 'inactive' });
    const last = probe.heard.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(probe.heard.length, last);
  });

  it('takes another extractor while it is inactive, and says why it cannot', async () => {
    assert.equal((await probe.setParameter(NODE, 'landmark_extractor', 'dlib')).successful, true);
    assert.equal((await probe.setParameter(NODE, 'shape_predictor', '/nowhere/absent.dat')).successful, true);
    assert.deepEqual(await change('activate'), { changed: false, state: 'inactive' });
    await node.line(/ERROR.*Failed to activate: .*\/nowhere\/absent\.dat/);
    assert.equal((await probe.setParameter(NODE, 'landmark_extractor', 'face_mesh')).successful, true);
    assert.deepEqual(await change('activate'), { changed: true, state: 'active' });
    await node.line(/Ready: model .*, landmarks of face_mesh,/);
    await probe.hear(5);
    assert.deepEqual(await change('deactivate'), { changed: true, state: 'inactive' });
    assert.deepEqual(await change('cleanup'), { changed: true, state: 'unconfigured' });
  });

  it('leaves nothing behind in many cycles', async () => {
    const cycle = async () => {
      for (const label of ['configure', 'activate', 'deactivate', 'cleanup']) {
        assert.equal((await change(label)).changed, true, label);
      }
      return holdingsOf(node.pid);
    };
    await cycle();
    const first = await cycle();
    for (let again = 0; again < 6; again++) await cycle();
    assert.deepEqual(await cycle(), first);
  });

  it('can be shut down from every state, and its process then ends when it is told to', async () => {
    assert.deepEqual(await change('shutdown'), { changed: true, state: 'finalized' });
    for (const label of ['configure', 'activate', 'shutdown']) {
      assert.deepEqual(await change(label), { changed: false, state: 'finalized' }, label);
    }
    node.kill('SIGTERM');
    assert.equal(await node.exit, 0);
    for (const labels of [['configure'], ['configure', 'activate']]) {
      const another = startNode('expression_node', ['-p', 'autostart:=false'], { ROS_DOMAIN_ID: ROS_DOMAIN });
      for (const label of labels) assert.equal((await change(label)).changed, true, label);
      assert.deepEqual(await change('shutdown'), { changed: true, state: 'finalized' });
      await another.stop();
      assert.equal(await another.exit, 0);
    }
  });
});
