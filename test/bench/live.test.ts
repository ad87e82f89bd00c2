import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { clipsMissing } from '../support/clips.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';

const CLIP = 'head-pose-face-detection-male.gif';
const folder = temporaryFolder();
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(packageRoot(), 'build', 'ts', 'bench', `${script}.js`), ...args], {
    encoding: 'utf8',
  });

describe('the benchmarks on clips', { skip: clipsMissing }, () => {
  it('bench:live gives its figures as one JSON object, and draws each clip', () => {
    const { status, stdout, stderr } = run('live', '--only', CLIP, '--pictures', folder.path, '--json');
    assert.equal(status, 0, stderr);
    const { [CLIP]: behaviour, ...others } = JSON.parse(stdout);
    assert.deepEqual(others, {});
    assert.equal(behaviour.images, 62);
    assert.ok(behaviour.images_without_answer < 10);
    assert.equal(behaviour.expressions[0].category, 'Happy');
    const picture = readFileSync(join(folder.path, 'head-pose-face-detection-male.svg'), 'utf8');
    assert.match(picture, /^<svg [\s\S]*<title>noted: Happy, 0 to 5 s<\/title>[\s\S]*<\/svg>\n$/);
    assert.match(run('live', '--only', CLIP).stdout, /^clip +images without answer .*\nhead-pose.* \d of 62 /);
    const markdown = run('live', '--only', CLIP, '--markdown').stdout;
    assert.match(
      markdown,
      /^\| clip +\| images without answer \|.*\|\n\| -+ \| -+ \|.*\|\n\| head-pose.* \| \d of 62 +\|/,
    );
    assert.match(
      run('live', '--clips', folder.path).stderr,
      /^the folder of clips is .*expected one with any of webcam/,
    );
  });

  it('bench:live-decisions gives its figures as one JSON object', () => {
    writeDrawnTree(join(folder.path, 'tree'), 2, 1);
    const args = ['--only', CLIP, '--sequences', join(folder.path, 'tree')];
    const { status, stdout, stderr } = run('live_decisions', ...args, '--json');
    assert.equal(status, 0, stderr);
    const { references, smoothing, tracks } = JSON.parse(stdout);
    const names = ['mean', 'beginning', 'second_ago', 'running'];
    assert.deepEqual([Object.keys(references), Object.keys(tracks)], [names, names]);
    assert.equal(references.mean[CLIP].neutral_at_rest, null);
    // One who smiles from the first image on is not told so by the change since then.
    assert.ok(references.mean[CLIP].happy_shown > references.beginning[CLIP].happy_shown);
    assert.equal(smoothing.length, 7);
    assert.deepEqual(Object.keys(tracks.running), ['first apex', 'rest', 'second apex']);
  });
});
