import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FitOptions, LearnerOptions } from '../../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from '../../support/directions.js';
import { temporaryFolder } from '../../support/folders.js';
import { hasPythonModule, NO_TENSORBOARD, runPyTorch } from '../../support/pytorch.js';

const folder = temporaryFolder();
const training = directions(30, 1);
const validation = directions(15, 2);

const options = (changes: LearnerOptions = {}): LearnerOptions => ({
  topology: [1],
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 4,
  batchSize: 15,
  lrSchedule: 'cosine',
  device: 'cpu',
  threads: 1,
  tempPath: join(folder.path, 'temp'),
  experimentName: 'logged',
  ...changes,
});

type Scalars = Record<string, [step: number, value: number][]>;

/** What TensorBoard shows of a part of an experiment. */
const tensorBoardReads = (loggingPath: string, part: 'train' | 'val') =>
  runPyTorch<Scalars>('learner/training/tensorboard_scalars.py', [join(loggingPath, 'logged_tensorboard', part)]);

async function fitted(fit: FitOptions, changes: LearnerOptions = {}) {
  const learner = new ProgressiveSpatioTemporalBLNLearner(options(changes));
  const { epochs } = await learner.fit(training, validation, { silent: true, mcdoRepeats: 2, ...fit });
  await learner.release();
  return epochs;
}

const inFloat32 = (values: readonly number[]) => values.map((value, step) => [step, Math.fround(value)]);

describe('TensorBoard', { skip: !hasPythonModule('tensorboard') && NO_TENSORBOARD }, () => {
  it("reads a training's scalars under the reference's tags", async () => {
    const loggingPath = join(folder.path, 'whole');
    const epochs = await fitted({ loggingPath });
    const train = tensorBoardReads(loggingPath, 'train');
    assert.deepEqual(Object.keys(train).sort(), ['acc', 'epoch', 'loss', 'loss_l1', 'lr']);
    assert.deepEqual(train.loss, inFloat32(epochs.map(({ loss }) => loss)));
    assert.deepEqual(train.acc, inFloat32(epochs.map(({ accuracy }) => accuracy)));
    assert.deepEqual(train.lr, inFloat32(epochs.map(({ learningRate }) => learningRate)));
    assert.deepEqual(train.epoch, inFloat32([0, 1, 2, 3]));
    assert.deepEqual(train.loss_l1, inFloat32([0, 0, 0, 0]));
    const val = tensorBoardReads(loggingPath, 'val');
    assert.deepEqual(Object.keys(val).sort(), ['acc', 'loss', 'loss_l1']);
    assert.deepEqual(val.loss, inFloat32(epochs.map(({ valLoss }) => valLoss!)));
    assert.deepEqual(val.acc, inFloat32(epochs.map(({ valAccuracy }) => valAccuracy!)));
    assert.deepEqual(val.loss_l1, inFloat32([0, 0, 0, 0]));
  });

  it('reads a training that was resumed as one, without the epochs that were done again', async () => {
    const loggingPath = join(folder.path, 'resumed');
    const epochs = await fitted({ loggingPath }, { checkpointAfterIter: 2 });
    await fitted({ loggingPath }, { checkpointLoadIter: 2, startEpoch: 2 });
    assert.deepEqual(tensorBoardReads(loggingPath, 'train').loss, inFloat32(epochs.map(({ loss }) => loss)));
  });

  it('reads a building as one row of steps, candidate after candidate', async () => {
    const loggingPath = join(folder.path, 'built');
    const learner = new ProgressiveSpatioTemporalBLNLearner(options({ numLayers: 1, numBlocks: 2, epochs: 2 }));
    await learner.networkBuilder(training, validation, { silent: true, loggingPath });
    await learner.release();
    const steps = Array.from({ length: 2 * learner.candidates.length }, (_, step) => step);
    const train = tensorBoardReads(loggingPath, 'train');
    assert.deepEqual(
      train.loss!.map(([step]) => step),
      steps,
    );
    assert.deepEqual(
      train.epoch!.map(([, epoch]) => epoch),
      steps.map((step) => step % 2),
    );
  });
});

describe('log.txt', () => {
  it('says what was trained on what, and every epoch, with times', async () => {
    const loggingPath = join(folder.path, 'text');
    const epochs = await fitted({ loggingPath });
    const lines = readFileSync(join(loggingPath, 'log.txt'), 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 5);
    for (const line of lines) assert.match(line, /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] /);
    assert.match(lines[0]!, /training \[1\] with onnxruntime .* cpu/);
    epochs.forEach(({ loss, valLoss }, epoch) => {
      const figures = `epoch ${epoch + 1}/4: loss ${loss.toFixed(4)}, accuracy`;
      assert.ok(lines[epoch + 1]!.includes(figures), lines[epoch + 1]);
      assert.ok(lines[epoch + 1]!.includes(`validation ${valLoss!.toFixed(4)}`));
    });
  });

  it('says of each candidate of a building whether it was kept, and why', async () => {
    const loggingPath = join(folder.path, 'built_text');
    const learner = new ProgressiveSpatioTemporalBLNLearner(
      options({ numLayers: 1, numBlocks: 2, epochs: 1, experimentName: 'in_words', blockThreshold: 1 }),
    );
    await learner.networkBuilder(training, validation, { silent: true, loggingPath });
    await learner.release();
    const text = readFileSync(join(loggingPath, 'log.txt'), 'utf8');
    assert.match(text, /\[1\] \(\d+ parameters\): kept, the first block of a layer/);
    assert.match(text, /\[2\] \(\d+ parameters\): not kept, the loss (fell|rose) by .* than the block threshold 1/);
    assert.match(text, /built \[1\] from 2 candidates \(.*building\.json\)/);
  });
});

describe('what the learner prints', () => {
  const script = fileURLToPath(new URL('learn_in_process.js', import.meta.url));
  const run = (mode: 'silent' | 'verbose' | 'terse') =>
    spawnSync(process.execPath, [script, mode, join(folder.path, mode)], { encoding: 'utf8' });

  it('is nothing at all when silent', () => {
    const { status, stdout, stderr } = run('silent');
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
  });

  it('is about ten plain lines for any number of epochs without a terminal, and nothing on the standard output', () => {
    const { status, stdout, stderr } = run('verbose');
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '');
    assert.ok(!stderr.includes('\r') && !stderr.includes('█'), 'nothing is drawn');
    const epochs = stderr.split('\n').filter((line) => line.startsWith('epoch '));
    assert.ok(epochs.length >= 9 && epochs.length <= 11, stderr);
    assert.match(
      epochs.at(-1)!,
      /^epoch 40\/40, loss \d\.\d+, accuracy [\d.]+, validation [\d.]+ \/ [\d.]+, after \d+ s$/,
    );
    assert.match(epochs[1]!, /^epoch \d+\/40, \d+ s left, loss/);
    assert.match(stderr, /training \[1\] with onnxruntime/);
    assert.match(stderr, /15 samples: accuracy [\d.]+, mean recall/);
    assert.match(stderr, /wrote .*saved\/model\.pt and \.json/);
  });

  it('is the progress alone when not verbose', () => {
    const { stderr } = run('terse');
    assert.match(stderr, /^epoch 4\/40/m);
    assert.doesNotMatch(stderr, /training \[1\]|samples: accuracy|wrote/);
  });

  const hasScript = existsSync('/usr/bin/script');
  it('is a bar on a terminal', { skip: !hasScript && 'needs script of util-linux' }, () => {
    const command = `'${process.execPath}' '${script}' verbose '${join(folder.path, 'terminal')}'`;
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    const drawn = stdout.split('\r').filter((line) => line.includes('█') || line.includes('░'));
    assert.ok(drawn.length >= 2, stdout);
    assert.match(drawn[0]!, /░{8,24} epoch 0\/40/);
    assert.match(stdout, /█{8,24} epoch 40\/40, loss \d\.\d+, accuracy \d\.\d+/);
    // Whatever follows the bar stands on a line of its own.
    assert.match(stdout, /\n15 samples: accuracy/);
  });
});
