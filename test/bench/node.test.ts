import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { ROS_DOMAIN, rosMissing, TestProcess } from '../support/ros_processes.js';

it('bench:node gives its figures as one JSON object', { skip: rosMissing }, async () => {
  const script = join(packageRoot(), 'build', 'ts', 'bench', 'node.js');
  const bench = new TestProcess(process.execPath, [script, '--seconds', '3', '--faces', '4', '--json'], {
    ROS_DOMAIN_ID: ROS_DOMAIN,
  });
  assert.equal(await bench.exit, 0, bench.lines.join('\n'));
  const result = JSON.parse(bench.lines.find((line) => line.startsWith('{'))!);
  assert.ok(result.images_per_second > 1 && result.images_per_second < 32, JSON.stringify(result));
  assert.ok(result.latency_ms.p50 > 1 && result.latency_ms.p50 <= result.latency_ms.p99);
  assert.ok(Number.isInteger(result.dropped) && result.dropped >= 0);
  assert.ok(result.faces / (result.images_per_second * 3) > 3, `four faces are in view: ${JSON.stringify(result)}`);
  assert.ok(result.cpu_percent > 1 && result.cpu_percent < 100 * availableParallelism(), JSON.stringify(result));
  assert.ok(result.rss_mb.start > 50 && result.rss_mb.end > 50 && result.rss_mb.end < 2000, JSON.stringify(result));
  const stages = ['arrival', 'waiting', 'decoding', 'detection', 'landmarks', 'inference', 'total'];
  assert.deepEqual(Object.keys(result.stages_ms), stages);
  for (const stage of stages.slice(3)) {
    const { p50, p99 } = result.stages_ms[stage];
    assert.ok(p50 > 0 && p50 <= p99 && p50 <= result.stages_ms.total.p50, JSON.stringify(result.stages_ms));
  }
  const { main_thread_block_ms: block, main_thread_delay_ms: delay } = result;
  assert.ok(block.p99 <= block.max && block.max <= delay.max, JSON.stringify(result));
  // An image alone takes the main thread more than a millisecond.
  assert.ok(block.max > 1, JSON.stringify(result));
});
