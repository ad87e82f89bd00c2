import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { packageRoot } from '../../src/package_root.js';
import { writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();
const run = (...args: string[]) => {
  const script = join(packageRoot(), 'build', 'ts', 'bench', 'extractors.js');
  return spawnSync(process.execPath, [script, '--recipe', 'small.yaml', '--folds', '2', ...args], {
    cwd: folder.path,
    encoding: 'utf8',
  });
};

it('bench:extractors answers the points of each extractor by what was learned from each, and from all', () => {
  for (const [index, name] of ['dlib', 'face_mesh'].entries()) writeDrawnTree(join(folder.path, name), 6, index);
  writeFileSync(
    join(folder.path, 'small.yaml'),
    `name: small
sources: [{ landmarks: dlib, extractor: dlib }, { landmarks: face_mesh, extractor: face_mesh }]
window: { ages_seconds: [0.1, 0], sequence_frames: [-2, -1], alignment: inner, representation: displacement_from_reference }
sampling: { epoch_size: 120 }
network: { topology: [1], block_size: 3 }
training: { epochs: 15, batch_size: 20, lr: 0.1 }
`,
  );
  const { status, stdout, stderr } = run('--json', '--results', 'folds');
  assert.equal(status, 0, stderr);
  const result = JSON.parse(stdout);
  assert.deepEqual(Object.keys(result), ['dlib', 'face_mesh', 'all']);
  for (const tested of Object.values<Record<string, Record<string, number | null>>>(result)) {
    assert.deepEqual(Object.keys(tested), ['dlib', 'face_mesh']);
    // Drawn expressions are easy, and drawn alike for both; four classes by chance: 0.25.
    for (const { sequences_accuracy, stills_mean_recall } of Object.values(tested)) {
      assert.ok(sequences_accuracy! > 0.6, stdout);
      assert.equal(stills_mean_recall, null);
    }
  }
  assert.ok(existsSync(join(folder.path, 'folds', 'dlib', 'fold-1.json')));
  const text = run('--results', 'folds', '--only', 'dlib');
  assert.match(text.stdout, /^sequences, accuracy {2}dlib {2}face_mesh\ndlib +\d\.\d\d +\d\.\d\d\n\n/, text.stderr);
  assert.match(run('--only', 'dlip').stderr, /^--only is "dlip", expected a part of dlib, face_mesh, all/);
});
