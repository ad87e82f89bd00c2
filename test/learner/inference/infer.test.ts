import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import type { ExpressionEstimate } from '../../../src/learner/inference/expression_estimate.js';
import type { InferOptions, LearnerOptions } from '../../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_FRAMES, DIRECTION_POINTS, directions } from '../../support/directions.js';
import { temporaryFolder } from '../../support/folders.js';
import { relativeDifference } from '../../support/networks.js';

const folder = temporaryFolder();
const SIZE = 2 * DIRECTION_FRAMES * DIRECTION_POINTS;
const test = directions(6, 3);
const options: LearnerOptions = {
  topology: [1, 1],
  blockSize: 3,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 2,
  batchSize: 16,
  device: 'cpu',
  threads: 1,
  seed: 6,
};
let learner: ProgressiveSpatioTemporalBLNLearner;

before(async () => {
  learner = new ProgressiveSpatioTemporalBLNLearner(options);
  await learner.fit(directions(48, 1), null, { silent: true });
});
after(() => learner.release());

/** One sample of `test`. */
const sample = (index: number) => test.data.subarray(index * SIZE, (index + 1) * SIZE);
const means = (estimates: readonly ExpressionEstimate[]) => estimates.flatMap(({ mean }) => [...mean]);

describe('infer', () => {
  it('answers each sample of a batch as by itself, without dropout', async () => {
    const batch = await learner.infer(test.data, { monteCarloDropout: false });
    assert.equal(batch.length, 6);
    for (const [index, estimate] of batch.entries()) {
      const [single] = await learner.infer(sample(index), { monteCarloDropout: false });
      assert.ok(relativeDifference(single!.logits, estimate.logits) < 1e-5);
      assert.equal(single!.category, estimate.category);
    }
    assert.ok(new Set(batch.map(({ confidence }) => confidence)).size === 6, 'samples are answered apart');
  });

  it('answers the same for the same seed, another for another, and takes its own where none is given', async () => {
    const answer = async (seed: InferOptions) => means(await learner.infer(test.data, { mcdoRepeats: 7, ...seed }));
    assert.deepEqual(await answer({ seed: 1 }), await answer({ seed: 1 }));
    assert.notDeepEqual(await answer({ seed: 1 }), await answer({ seed: 2 }));
    assert.deepEqual(await answer({}), await answer({ seed: 6 }));
    assert.deepEqual(await answer({ seed: null }), await answer({ seed: 6 }));
  });

  it('draws until the answer is settled: a sample alone is answered exactly as in its batch', async () => {
    const adaptive = { mcdoRepeats: 60, mcdoErrorProbability: 0.02 };
    const batch = await learner.infer(test.data, adaptive);
    assert.ok(batch.every(({ repeats }) => repeats >= 1 && repeats <= 60));
    assert.ok(batch.some(({ repeats }) => repeats < 60));
    for (const [index, estimate] of batch.entries()) {
      assert.deepEqual(await learner.infer(sample(index), adaptive), [estimate]);
    }
    const few = await learner.infer(test.data, { ...adaptive, mcdoRepeats: 3 });
    assert.deepEqual(new Set(few.map(({ repeats }) => repeats)), new Set([3]));
  });

  it('has no error probability without Monte Carlo dropout', async () => {
    const [estimate] = await learner.infer(sample(0), { monteCarloDropout: false, mcdoErrorProbability: 0.1 });
    assert.equal(estimate!.repeats, 0);
  });

  it('answers no samples with no estimates, and refuses parts of a sample', async () => {
    assert.deepEqual(await learner.infer(new Float32Array(0)), []);
    for (const size of [1, SIZE - 1, SIZE + 1]) {
      await assert.rejects(
        learner.infer(new Float32Array(size)),
        (error) =>
          error instanceof InvalidInputError &&
          error.message.includes(`batch's size is ${size}, expected whole samples of (2, 3, 6, 1): a multiple of 36`),
      );
    }
  });

  it('refuses elements that are no numbers', async () => {
    const data = test.data.slice();
    data[2 * SIZE] = Number.NaN;
    await assert.rejects(learner.infer(data), /element of sample 2 is NaN/);
    await assert.rejects(learner.logits(data, 0), /element of sample 2 is NaN/);
  });
});

describe('a model that was saved and loaded', () => {
  const loaded = async (path: string, name: string, changes: LearnerOptions = {}) => {
    const other = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu', threads: 1, seed: 6, ...changes });
    await other.load(join(folder.path, path), name, false);
    return other;
  };

  it('keeps its temperature, which changes its probabilities', async () => {
    const before = await learner.infer(test.data, { mcdoRepeats: 5 });
    await learner.save(join(folder.path, 'calibrated'), 'one', false);
    learner.temperature = 2.5;
    try {
      const cooled = await learner.infer(test.data, { mcdoRepeats: 5 });
      assert.notDeepEqual(means(cooled), means(before));
      assert.deepEqual(
        cooled.map(({ logits }) => logits),
        before.map(({ logits }) => logits),
      );
      await learner.save(join(folder.path, 'calibrated'), 'two', false);
      const again = await loaded('calibrated', 'two');
      assert.equal(again.temperature, 2.5);
      assert.deepEqual(await again.infer(test.data, { mcdoRepeats: 5 }), cooled);
      await again.optimize();
      assert.equal(again.temperature, 2.5);
      await again.save(join(folder.path, 'calibrated'), 'optimized', false);
      const optimized = await loaded('calibrated', 'optimized');
      assert.equal(optimized.temperature, 2.5);
      const answers = await optimized.infer(test.data, { mcdoRepeats: 5 });
      assert.ok(relativeDifference(means(answers), means(cooled)) < 1e-5);
      for (const other of [again, optimized]) await other.release();
    } finally {
      learner.temperature = 1;
    }
    assert.throws(() => {
      learner.temperature = 0;
    }, /temperature is 0/);
  });

  it('answers as before once more when it is optimized, saved and loaded, bit for bit', async () => {
    const first = await loaded('calibrated', 'one');
    await first.optimize(true);
    const before = await first.infer(test.data, { mcdoRepeats: 5 });
    await first.save(join(folder.path, 'twice'), 'model', false);
    const second = await loaded('twice', 'model');
    assert.deepEqual(await second.infer(test.data, { mcdoRepeats: 5 }), before);
    await assert.rejects(second.optimize(), /the model is "an optimized one", expected one that was not/);
    await assert.rejects(second.fit(directions(6, 1), null, { silent: true }), /the model is "an optimized one"/);
    for (const other of [first, second]) await other.release();
  });

  it('answers as before though a later model could not be loaded', async () => {
    const before = await learner.infer(test.data, { mcdoRepeats: 5 });
    await assert.rejects(learner.load(join(folder.path, 'calibrated'), 'none', false), /none\.json/);
    assert.deepEqual(await learner.infer(test.data, { mcdoRepeats: 5 }), before);
  });

  it('of OpenDR is told by the options what its metadata leave out', async () => {
    await learner.save(join(folder.path, 'opendr'), 'model', false);
    const path = join(folder.path, 'opendr', 'model.json');
    const metadata = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...metadata, inference_params: {}, optimizer_info: {} }));
    const told = { classes: [...DIRECTION_CLASSES], blockSize: 3, numFrames: DIRECTION_FRAMES, numClass: 3 };
    const other = await loaded('opendr', 'model', { ...told, datasetName: 'directions' });
    assert.deepEqual(other.topology, [1, 1]);
    assert.deepEqual(other.sampleDims, [2, DIRECTION_FRAMES, DIRECTION_POINTS, 1]);
    const answer = { mcdoRepeats: 5 };
    assert.deepEqual(await other.infer(test.data, answer), await learner.infer(test.data, answer));
    await other.release();
    await assert.rejects(loaded('opendr', 'model', { ...told, blockSize: 2 }), /block/);
    await assert.rejects(
      loaded('opendr', 'model', { ...told, classes: ['a', 'b'] }),
      /number of classes is 2, expected 3/,
    );
    const { numFrames: _frames, ...without } = told;
    await assert.rejects(loaded('opendr', 'model', { ...without, datasetName: 'directions' }), /num_frames is missing/);
  });
});

describe('initModel', () => {
  it('makes the same network for the same seed', async () => {
    const logits = async (seed: number) => {
      const fresh = new ProgressiveSpatioTemporalBLNLearner({ ...options, seed });
      fresh.initModel(DIRECTION_FRAMES);
      const answers = await fresh.logits(test.data, 0);
      await fresh.release();
      return answers;
    };
    assert.deepEqual(await logits(1), await logits(1));
    assert.notDeepEqual(await logits(1), await logits(2));
  });

  it('refuses an empty topology, and frames that nobody told', () => {
    const empty = new ProgressiveSpatioTemporalBLNLearner({ ...options, topology: [] });
    assert.throws(() => empty.initModel(3), /topology is \[\].*constructor/);
    const unknown = new ProgressiveSpatioTemporalBLNLearner({ ...options, datasetName: 'directions' });
    assert.throws(() => unknown.initModel(), /numFrames is null.*datasetName is directions/);
    const wrong = new ProgressiveSpatioTemporalBLNLearner({ ...options, classes: ['a'] });
    assert.throws(() => wrong.initModel(3), /classes is \["a"\], expected 3 names/);
  });
});
