import { parseArgs } from 'node:util';
import rclnodejs from 'rclnodejs';
import { ROS_DOMAIN, rosMissing, startNode } from '../test/support/ros_processes.js';
import { handlesOf, rssMegabytesOf, threadsOf } from './process_figures.js';
import { runProgram } from './run_program.js';

// npm run bench:lifecycle -- [--cycles N] [--json]: configures, activates, deactivates and cleans up the real expression
// node again and again, and tells which threads, handles and memory its process has after each tenth of the cycles.

const TRANSITIONS = ['configure', 'activate', 'deactivate', 'cleanup'] as const;
const SERVICE = 'expression_node/change_state';

/** What a process holds. */
interface Holdings {
  readonly cycle: number;
  readonly threads: number;
  readonly handles: number;
  readonly rss_mb: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cycles: { type: 'string', default: '100' }, json: { type: 'boolean' } } });
  const cycles = Number(values.cycles);
  if (!(Number.isInteger(cycles) && cycles > 0)) {
    throw new Error(`--cycles is "${values.cycles}", expected an integer greater than 0`);
  }
  if (rosMissing) throw new Error(rosMissing);
  const holdings = await measure(cycles);
  if (values.json) console.log(JSON.stringify(holdings));
  else console.table(holdings);
}

async function measure(cycles: number): Promise<Holdings[]> {
  // A domain of its own: no other manager of a node of that name gets in.
  process.env.ROS_DOMAIN_ID ??= ROS_DOMAIN;
  process.env.ROS_AUTOMATIC_DISCOVERY_RANGE ??= 'LOCALHOST';
  const { ROS_DOMAIN_ID } = process.env;
  const node = startNode('expression_node', ['-p', 'autostart:=false', '-p', 'lazy:=false', '--log-level', 'warn'], {
    ROS_DOMAIN_ID,
  });
  await rclnodejs.init();
  const manager = new rclnodejs.Node('bench_lifecycle_manager');
  try {
    const client = manager.createClient('lifecycle_msgs/srv/ChangeState', SERVICE);
    manager.spin();
    if (!(await client.waitForService(20_000))) throw new Error(`no ${SERVICE}:\n${node.lines.join('\n')}`);
    const holdings: Holdings[] = [];
    for (let cycle = 1; cycle <= cycles; cycle++) {
      for (const label of TRANSITIONS) {
        const { success } = await client.sendRequestAsync({ transition: { id: 0, label } }, { timeout: 60_000 });
        if (!success) throw new Error(`${label} failed in cycle ${cycle}:\n${node.lines.join('\n')}`);
      }
      if (cycle === 1 || cycle % Math.max(1, Math.floor(cycles / 10)) === 0) holdings.push(holdingsOf(node.pid, cycle));
    }
    return holdings;
  } finally {
    await node.stop();
    rclnodejs.shutdown();
  }
}

function holdingsOf(pid: number, cycle: number): Holdings {
  return { cycle, threads: threadsOf(pid), handles: handlesOf(pid), rss_mb: rssMegabytesOf(pid) };
}

await runProgram(main);
// rclnodejs keeps handles of a context that was shut down.
process.exit();
