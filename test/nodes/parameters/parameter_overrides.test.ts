import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../../support/folders.js';
import { ROS_DOMAIN, rosMissing, startNode } from '../../support/ros_processes.js';

const environment = { ROS_DOMAIN_ID: ROS_DOMAIN };

describe('parameters that a node is started with', { skip: rosMissing }, () => {
  const folder = temporaryFolder();

  /** What camera_node, as /robot/eye, says its source is. */
  async function sourceOf(file: string, ...more: string[]): Promise<string | undefined> {
    const path = join(folder.path, 'parameters.yaml');
    await writeFile(path, file);
    const rosArguments = ['-r', '__ns:=/robot', '-r', '__node:=eye', '--params-file', path, ...more];
    const camera = startNode('camera_node', rosArguments, environment);
    assert.equal(await camera.exit, 1);
    const said = camera.lines.join('\n');
    return /source is "([^"]*)"/.exec(said)?.[1] ?? /source is missing/.exec(said)?.[0];
  }
  const named = (name: string, source: string) => `${name}:\n  ros__parameters:\n    source: ${source}\n`;

  for (const name of ['/**', '/robot/eye', '/**/eye', '/*/eye', 'robot/eye', '/robot/*']) {
    it(`come from a file that names it ${name}`, async () => {
      assert.equal(await sourceOf(named(name, '/nowhere/a')), '/nowhere/a');
    });
  }

  it('are not those of another node', async () => {
    const file = ['/eye', '/robot/ear', '/robot'].map((name) => named(name, '/nowhere/a')).join('');
    assert.equal(await sourceOf(file), 'source is missing');
  });

  it('are the later of two', async () => {
    assert.equal(await sourceOf(named('/**', '/nowhere/a') + named('/robot/eye', '/nowhere/b')), '/nowhere/b');
    assert.equal(await sourceOf(named('/robot/eye', '/nowhere/a'), '-p', 'source:=/nowhere/b'), '/nowhere/b');
  });
});
