import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { ROS_DOMAIN, rosMissing, TestProcess } from '../support/ros_processes.js';

it('soak finds every image answered or counted, and no complaint', { skip: rosMissing }, async () => {
  const script = join(packageRoot(), 'build', 'ts', 'bench', 'soak.js');
  const soak = new TestProcess(process.execPath, [script, '--minutes', '0.05', '--json'], {
    ROS_DOMAIN_ID: ROS_DOMAIN,
  });
  assert.equal(await soak.exit, 0, soak.lines.join('\n'));
  const result = JSON.parse(soak.lines.find((line) => line.startsWith('{'))!);
  const { published, answered, dropped, counted, rss_mb: rss } = result;
  // 3 seconds at 30 Hz, and an image before and after.
  assert.ok(published > 80 && published < 100, JSON.stringify(result));
  assert.ok(answered > 2 && dropped === published - answered, JSON.stringify(result));
  assert.equal(counted, dropped, JSON.stringify(result));
  assert.deepEqual(result.error_lines, []);
  assert.equal(result.errors, 0);
  assert.ok(rss.start > 50 && rss.end > 50 && rss.end < 2000, JSON.stringify(result));
});
