import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { ffmpegMissing } from '../support/clips.js';

const root = packageRoot();
const missing = existsSync(join(root, '.ros', 'demo', 'LICENSE.txt'))
  ? ffmpegMissing
  : "the demo's clips: npm run setup";

it('bench:landmarks gives its figures as one JSON object', { skip: missing }, () => {
  const script = join(root, 'build', 'ts', 'bench', 'landmarks.js');
  const args = [script, '--frames', '40', '--only', 'face_mesh', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const result = JSON.parse(stdout);
  assert.deepEqual(Object.keys(result), ['face_mesh_attention', 'face_mesh']);
  for (const timing of Object.values<Record<string, number>>(result)) {
    assert.deepEqual(Object.keys(timing), [
      'ms_per_frame',
      'median_ms_per_frame',
      'detector_ms',
      'landmarks_ms',
      'ms_per_frame_four_faces',
    ]);
    assert.ok(Object.values(timing).every((milliseconds) => milliseconds > 0.1));
    assert.ok(timing.ms_per_frame_four_faces! > timing.ms_per_frame!);
  }
});
