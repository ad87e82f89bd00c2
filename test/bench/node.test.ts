import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { rosMissing, TestProcess } from '../support/ros_processes.js';

it('bench:node gives its figures as one JSON object', { skip: rosMissing }, async () => {
  const script = join(packageRoot(), 'build', 'ts', 'bench', 'node.js');
  const bench = new TestProcess(process.execPath, [script, '--seconds', '3', '--json'], { ROS_DOMAIN_ID: '43' });
  assert.equal(await bench.exit, 0, bench.lines.join('\n'));
  const result = JSON.parse(bench.lines.find((line) => line.startsWith('{'))!);
  assert.ok(result.images_per_second > 1 && result.images_per_second < 32, JSON.stringify(result));
  assert.ok(result.latency_ms.p50 > 1 && result.latency_ms.p50 <= result.latency_ms.p99);
  assert.ok(Number.isInteger(result.dropped) && result.dropped >= 0);
  assert.ok(result.faces > 0);
});
