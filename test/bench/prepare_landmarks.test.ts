import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { clipsMissing, sharedData } from '../support/clips.js';
import { dlibMissing } from '../support/dlib.js';

it('bench:prepare finds faces in all frames, by dlib itself and here', { skip: dlibMissing || clipsMissing }, () => {
  const script = join(packageRoot(), 'build', 'ts', 'bench', 'prepare_landmarks.js');
  const args = [script, '--clips', join(sharedData, 'video', 'asl'), '--frames', '2', '--turns', '1', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { frames, results } = JSON.parse(stdout);
  assert.equal(frames, 16);
  assert.equal(results.length, 6);
  for (const { name, seconds, times_as_fast, faces } of results) {
    assert.ok(seconds > 0 && times_as_fast > 0, name);
    // Not enlarged, dlib sees no face of less than 80 pixels.
    if (!name.endsWith('not enlarged')) assert.equal(faces, frames, name);
  }
});
