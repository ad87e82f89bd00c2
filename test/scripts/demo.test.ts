import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { clipFiles, clipsMissing } from '../support/clips.js';
import { ROS_DOMAIN, rosMissing, TestProcess } from '../support/ros_processes.js';

const demo = join(packageRoot(), 'scripts', 'demo.mjs');
const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };
const A_MESSAGE = /^\d\d:\d\d:\d\d\.\d{3} {2}(no face|face \d)/;
const AN_EXPRESSION = /^\d\d:\d\d:\d\d\.\d{3} {2}face \d+ {2}\w+ +[█▏▎▍▌▋▊▉·]{20} .* % {2}entropy \d\.\d\d/;

const start = (args: readonly string[]) => new TestProcess(process.execPath, [demo, ...args], environment);

/** The command lines of processes that run in the tests' domain. */
function running(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, 'environ').includes(`\0ROS_DOMAIN_ID=${ROS_DOMAIN}\0`))
    .map((pid) => read(pid, 'cmdline').replaceAll('\0', ' '));
}

function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

describe('npm run demo', { skip: rosMissing }, () => {
  it('prints a line for each message, stops by itself with 0 and leaves nothing behind', async () => {
    const process = start(['--seconds', '10']);
    assert.equal(await process.exit, 0);
    const messages = process.lines.filter((line) => A_MESSAGE.test(line));
    assert.ok(messages.length > 20, `${messages.length} messages:\n${process.lines.join('\n')}`);
    assert.ok(messages.some((line) => AN_EXPRESSION.test(line)));
    assert.deepEqual(running(), []);
  });

  it('serves a page with --view, and leaves nothing behind', async () => {
    const process = start(['--view']);
    const line = await process.line(/Open http:\/\/127\.0\.0\.1:\d+\/ in a browser/, 60);
    const response = await fetch(/http:\S+/.exec(line)![0]);
    assert.match(await response.text(), /<title>Facial expressions, live<\/title>/);
    process.kill('SIGINT');
    assert.equal(await process.exit, 0);
    assert.deepEqual(running(), []);
  });

  it('plays another source, and stops on Ctrl-C with 0', { skip: clipsMissing }, async () => {
    const process = start(['--source', clipFiles('asl', '.mkv')[0]!]);
    await process.line(A_MESSAGE);
    process.kill('SIGINT');
    assert.equal(await process.exit, 0);
    assert.deepEqual(running(), []);
  });

  it('says what is wrong when a node ends, and leaves nothing behind', async () => {
    const process = start(['--source', join(packageRoot(), 'package.json')]);
    assert.equal(await process.exit, 1);
    assert.match(process.lines.join('\n'), /camera_node ended with exit code 1: what it said is above/);
    assert.deepEqual(running(), []);
  });

  for (const { args, words } of [
    { args: ['--seconds', 'soon'], words: /--seconds is "soon", expected a number greater than 0/ },
    { args: ['--source', '/nowhere'], words: /--source is "\/nowhere", expected a file, a video device or a folder/ },
    { args: ['--speed', '2'], words: /'--speed'/ },
  ]) {
    it(`refuses ${args.join(' ')}`, async () => {
      const process = start(args);
      assert.equal(await process.exit, 2);
      assert.match(process.lines.join('\n'), words);
      assert.match(process.lines.join('\n'), /Usage: npm run demo/);
    });
  }
});
