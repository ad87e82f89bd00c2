import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readNetworkModel } from '../../../src/learner/checkpoint/model_directory.js';
import type { FitOptions, LearnerOptions } from '../../../src/learner/options.js';
import {
  type OnEpoch,
  ProgressiveSpatioTemporalBLNLearner,
} from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from '../../support/directions.js';
import { temporaryFolder } from '../../support/folders.js';

const folder = temporaryFolder();
const training = directions(50, 1);
const validation = directions(30, 2);

const options = (name: string, changes: LearnerOptions = {}): LearnerOptions => ({
  topology: [1, 2],
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 6,
  batchSize: 20,
  lr: 0.05,
  lrSchedule: 'cosine',
  device: 'cpu',
  threads: 1,
  seed: 3,
  tempPath: join(folder.path, name),
  experimentName: 'fitted',
  ...changes,
});

/** Trains, and answers with the weights that came of it. */
async function fitted(name: string, changes: LearnerOptions = {}, fit: FitOptions = {}, onEpoch?: OnEpoch) {
  const learner = new ProgressiveSpatioTemporalBLNLearner(options(name, changes));
  const result = await learner.fit(training, validation, { silent: true, mcdoRepeats: 5, ...fit }, onEpoch);
  const logits = await learner.logits(validation.data, 0);
  await learner.release();
  return { ...result, logits };
}

describe('training from checkpoints', () => {
  for (const optimizerName of ['sgd', 'adam'] as const) {
    it(`goes on with ${optimizerName} exactly as if it had not been interrupted`, async () => {
      const changes: LearnerOptions = { optimizerName, lr: optimizerName === 'sgd' ? 0.05 : 0.005 };
      const whole = await fitted('whole', { ...changes, checkpointAfterIter: 2 });
      const resumed = await fitted('whole', { ...changes, checkpointLoadIter: 4, startEpoch: 4 });
      assert.deepEqual(resumed.logits, whole.logits);
      assert.deepEqual(resumed.trainLoss, whole.trainLoss.slice(4));
    });
  }

  for (const checkpoint of [2, 4]) {
    it(`goes on exactly from epoch ${checkpoint} where the weights of the last 3 of 6 are averaged`, async () => {
      const changes: LearnerOptions = { averageEpochs: 3, lrSchedule: '' };
      const whole = await fitted('averaged', { ...changes, checkpointAfterIter: 2 });
      const resumed = await fitted('averaged', { ...changes, checkpointLoadIter: checkpoint, startEpoch: checkpoint });
      assert.deepEqual(resumed.logits, whole.logits);
      assert.deepEqual(resumed.trainLoss, whole.trainLoss.slice(checkpoint));
    });
  }

  it('starts warm from a checkpoint where the epochs begin anew', async () => {
    const cold = await fitted('warm', { checkpointAfterIter: 6 });
    const warm = await fitted('warm', { checkpointLoadIter: 6 });
    assert.equal(warm.trainLoss.length, 6);
    assert.ok(warm.trainLoss[0]! < cold.trainLoss[0]!);
  });

  it('writes checkpoints that load as models', async () => {
    const { logits } = await fitted('models', { checkpointAfterIter: 3 });
    const files = readdirSync(join(folder.path, 'models', 'fitted_checkpoints')).sort();
    const names = ['fitted-3', 'fitted-6'];
    assert.deepEqual(
      files,
      names.flatMap((name) => [`${name}.json`, `${name}.pt`, `${name}.training.pt`]),
    );
    const loaded = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu', threads: 1 });
    await loaded.load(join(folder.path, 'models', 'fitted_checkpoints'), 'fitted-6', false);
    assert.deepEqual(await loaded.logits(validation.data, 0), logits);
    await loaded.release();
  });

  it('leaves a checkpoint of the last whole epoch when it is aborted, and goes on from it', async () => {
    const whole = await fitted('undisturbed');
    const controller = new AbortController();
    const aborted = await fitted('aborted', {}, { signal: controller.signal }, ({ epoch }) => {
      if (epoch === 2) controller.abort();
      return true;
    });
    assert.equal(aborted.ended, 'aborted');
    assert.equal(aborted.evalResults, null);
    assert.equal(aborted.trainLoss.length, 3);
    const resumed = await fitted('aborted', { checkpointLoadIter: 3, startEpoch: 3 });
    assert.deepEqual(resumed.logits, whole.logits);
  });

  it('names the checkpoint that is missing and those that are there', async () => {
    await fitted('some', { checkpointAfterIter: 2 });
    await assert.rejects(fitted('some', { checkpointLoadIter: 5 }), /checkpointLoadIter is 5, expected one of 2, 4, 6/);
    await assert.rejects(fitted('none', { checkpointLoadIter: 5 }), /checkpointLoadIter is 5.*there is none/);
  });

  it('refuses a checkpoint of another network', async () => {
    await fitted('other', { checkpointAfterIter: 6 });
    await assert.rejects(fitted('other', { topology: [2], checkpointLoadIter: 6 }), /checkpoint's network/);
  });

  it('leaves the network as it was where training diverges at once', async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner(options('before'));
    await learner.fit(training, null, { silent: true });
    await learner.save(join(folder.path, 'before'), 'model', false);
    const before = await learner.logits(validation.data, 0);
    const diverging = new ProgressiveSpatioTemporalBLNLearner(options('diverging', { lr: 1e12, lrSchedule: '' }));
    await diverging.load(join(folder.path, 'before'), 'model', false);
    await assert.rejects(diverging.fit(training, null, { silent: true }), /in epoch 0: lower the learning rate/);
    assert.deepEqual(await diverging.logits(validation.data, 0), before);
    for (const each of [learner, diverging]) await each.release();
  });

  it('does nothing more from the checkpoint of its last epoch', async () => {
    const whole = await fitted('done', { checkpointAfterIter: 6 });
    const again = await fitted('done', { checkpointLoadIter: 6, startEpoch: 6 });
    assert.deepEqual(again.logits, whole.logits);
    assert.deepEqual(again.trainLoss, []);
    assert.equal(again.ended, 'finished');
    assert.deepEqual(again.evalResults!.report, whole.evalResults!.report);
  });

  it('refuses to start after its last epoch', async () => {
    await assert.rejects(fitted('late', { startEpoch: 6 }), /startEpoch is 6, expected less than epochs \(6\)/);
  });
});

describe('validation while training', () => {
  it('reports the last network, and the best epoch as what it is', async () => {
    const { epochs, bestAccuracy, bestEpoch, evalResults } = await fitted('best');
    const accuracies = epochs.map(({ valAccuracy }) => valAccuracy!);
    assert.equal(bestAccuracy, Math.max(...accuracies));
    assert.equal(bestEpoch, accuracies.indexOf(bestAccuracy!));
    assert.equal(evalResults!.epoch, 5);
  });

  it('stops early when the validation loss has not fallen for some epochs', async () => {
    const result = await fitted('early', {
      epochs: 60,
      lr: 0.3,
      lrSchedule: '',
      dropAfterEpoch: [],
      earlyStoppingPatience: 3,
    });
    assert.equal(result.ended, 'stopped early');
    const losses = result.epochs.map(({ valLoss }) => valLoss!);
    const best = losses.indexOf(Math.min(...losses));
    assert.equal(losses.length - 1 - best, 3);
  });

  it('stops where a listener says so', async () => {
    const { trainLoss, ended } = await fitted('listener', {}, {}, ({ epoch }) => epoch < 1);
    assert.equal(trainLoss.length, 2);
    assert.equal(ended, 'stopped early');
  });
});

describe("training's logs", () => {
  it('are log.txt and two folders of events, and nothing without a folder for them', async () => {
    const loggingPath = join(folder.path, 'logs');
    await fitted('logged', {}, { loggingPath });
    const text = readFileSync(join(loggingPath, 'log.txt'), 'utf8');
    assert.equal(text.match(/epoch \d\/6: loss \d+\.\d+, accuracy .*validation/g)?.length, 6);
    for (const part of ['train', 'val']) {
      assert.equal(readdirSync(join(loggingPath, 'fitted_tensorboard', part)).length, 1);
    }
    await fitted('unlogged');
    assert.ok(!existsSync(join(folder.path, 'unlogged')));
  });
});

describe('averaged weights', () => {
  it('are the mean of those after each of the last epochs, with statistics that fit them', async () => {
    const weights: Float32Array[] = [];
    for (const epochs of [3, 4, 5]) {
      const learner = new ProgressiveSpatioTemporalBLNLearner(options('each', { epochs, lrSchedule: '' }));
      await learner.fit(training, null, { silent: true });
      await learner.save(join(folder.path, 'each'), `after_${epochs}`, false);
      await learner.release();
      weights.push((await readNetworkModel(join(folder.path, 'each'), `after_${epochs}`)).state.parameters);
    }
    const averaged = new ProgressiveSpatioTemporalBLNLearner(
      options('mean', { epochs: 5, averageEpochs: 3, lrSchedule: '' }),
    );
    const { epochs } = await averaged.fit(training, validation, { silent: true, mcdoRepeats: 5 });
    await averaged.save(join(folder.path, 'mean'), 'mean', false);
    await averaged.release();
    const { parameters } = (await readNetworkModel(join(folder.path, 'mean'), 'mean')).state;
    parameters.forEach((value, i) => {
      const mean = (weights[0]![i]! + weights[1]![i]! + weights[2]![i]!) / 3;
      assert.ok(Math.abs(value - mean) < 1e-5 * Math.max(1, Math.abs(mean)), `${i}: ${value} and ${mean}`);
    });
    // Statistics of other weights would give nonsense on data that were not in the batch.
    assert.ok(epochs.at(-1)!.valLoss! < 1.2 * epochs[0]!.valLoss!);
  });

  it('are refused beside early stopping, and for more epochs than there are', async () => {
    await assert.rejects(
      fitted('both', { averageEpochs: 3, earlyStoppingPatience: 2 }),
      /averageEpochs is 3, expected 0/,
    );
    await assert.rejects(fitted('many', { averageEpochs: 7 }), /averageEpochs is 7, expected 0 to epochs \(6\)/);
  });

  it('are refused where a run goes on from a checkpoint without their beginning', async () => {
    await fitted('later', { checkpointAfterIter: 5 });
    await assert.rejects(
      fitted('later', { averageEpochs: 3, checkpointLoadIter: 5, startEpoch: 5 }),
      /averageEpochs is 3, expected a checkpoint with a mean, or at most 1/,
    );
  });
});
