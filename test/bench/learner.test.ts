import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package_root.js';
import { NO_PYTORCH, pyTorchPython } from '../support/pytorch.js';

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(packageRoot(), 'build', 'ts', 'bench', 'learner.js'), ...args], {
    encoding: 'utf8',
  });

it('bench:learner gives its figures as one JSON object', { skip: pyTorchPython() === null && NO_PYTORCH }, async () => {
  const works = ['train_step_1_layer', 'one_pass_150_frames'];
  const { stdout } = await run(
    '--rounds',
    '1',
    '--seconds',
    '0',
    ...works.flatMap((work) => ['--only', work]),
    '--json',
  );
  const result = JSON.parse(stdout);
  assert.deepEqual(Object.keys(result), [...works, 'peak_memory_one_pass_150_frames']);
  for (const [name, figures] of Object.entries<Record<string, number>>(result)) {
    const unit = name.startsWith('peak_memory') ? 'mb' : 'ms';
    assert.deepEqual(Object.keys(figures), [`ours_${unit}`, `pytorch_${unit}`, 'ratio']);
    const [ours, pyTorch, ratio] = Object.values(figures) as [number, number, number];
    assert.ok(
      ours > 0 && pyTorch > 0 && Math.abs(ratio - ours / pyTorch) < 0.001 + 0.01 / pyTorch,
      JSON.stringify(figures),
    );
  }
});

it('bench:learner refuses a work that there is not', async () => {
  await assert.rejects(run('--only', 'training'), /--only is "training", expected one of train_step_6_layers, /);
});
