import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../src/errors.js';
import type { FitOptions, LearnerOptions } from '../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { DIRECTION_CLASSES, DIRECTION_FRAMES, DIRECTION_POINTS, directions } from '../support/directions.js';
import { temporaryFolder } from '../support/folders.js';
import { normalValues } from '../support/networks.js';

const folder = temporaryFolder();
const FRAMES = DIRECTION_FRAMES;
const CLASSES = [...DIRECTION_CLASSES];
const silent: FitOptions = { silent: true };
const options: LearnerOptions = {
  topology: [1, 2],
  blockSize: 3,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: CLASSES,
  epochs: 30,
  batchSize: 16,
  lr: 0.1,
  lrSchedule: 'cosine',
  device: 'cpu',
  threads: 1,
  seed: 4,
};

async function trained(changes: LearnerOptions = {}): Promise<ProgressiveSpatioTemporalBLNLearner> {
  const learner = new ProgressiveSpatioTemporalBLNLearner({ ...options, ...changes });
  await learner.fit(directions(96, 1), null, { ...silent, weightDecay: 1e-3 });
  return learner;
}

describe('the learner', () => {
  it('learns, and reports on data that it has not seen', async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner(options);
    const { trainLoss, evalResults, modelName } = await learner.fit(directions(96, 1), directions(60, 2), silent);
    assert.equal(trainLoss.length, 30);
    assert.ok(trainLoss.at(-1)! < 0.5 * trainLoss[0]!, trainLoss.join());
    assert.ok(evalResults!.accuracy > 0.9, `${evalResults!.accuracy}`);
    assert.equal(modelName, 'pstbln_casia');
    await learner.release();
  });

  it('repeats a run exactly for the same seed, and not for another', async () => {
    const test = directions(12, 3);
    const answer = async (seed: number) => {
      const learner = await trained({ seed, epochs: 3 });
      const estimates = await learner.infer(test.data, { mcdoRepeats: 20 });
      await learner.release();
      return estimates.flatMap(({ mean, std }) => [...mean, ...std]);
    };
    assert.deepEqual(await answer(4), await answer(4));
    assert.notDeepEqual(await answer(4), await answer(5));
  });

  it('answers exactly the same after save and load', async () => {
    const learner = await trained({ epochs: 3 });
    const test = directions(7, 3);
    const before = await learner.infer(test.data, { mcdoRepeats: 50 });
    await learner.save(join(folder.path, 'saved'), 'model', false);
    const loaded = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu', threads: 1, seed: 4 });
    await loaded.load(join(folder.path, 'saved'), 'model', false);
    assert.deepEqual(loaded.classes, CLASSES);
    assert.deepEqual(loaded.sampleDims, [2, FRAMES, DIRECTION_POINTS, 1]);
    assert.deepEqual(await loaded.infer(test.data, { mcdoRepeats: 50 }), before);
    await learner.release();
    await loaded.release();
  });

  it("writes the reference's metadata keys, with num_frames among the inference parameters", async () => {
    const learner = await trained({ epochs: 1 });
    await learner.save(join(folder.path, 'keys'), 'model', false);
    await learner.release();
    const metadata = JSON.parse(readFileSync(join(folder.path, 'keys', 'model.json'), 'utf8'));
    const keys = ['model_paths', 'framework', 'format', 'has_data', 'inference_params', 'optimized', 'optimizer_info'];
    assert.deepEqual(Object.keys(metadata), keys);
    assert.equal(metadata.framework, 'pytorch');
    assert.equal(metadata.inference_params.num_frames, FRAMES);
  });

  it('goes on from a loaded model', async () => {
    const learner = await trained({ epochs: 2 });
    await learner.save(join(folder.path, 'continued'), 'model', false);
    const again = new ProgressiveSpatioTemporalBLNLearner(options);
    await again.load(join(folder.path, 'continued'), 'model', false);
    const { trainLoss } = await again.fit(directions(96, 1), null, silent);
    const fresh = await new ProgressiveSpatioTemporalBLNLearner(options).fit(directions(96, 1), null, silent);
    assert.ok(trainLoss[0]! < fresh.trainLoss[0]!, `${trainLoss[0]} and ${fresh.trainLoss[0]}`);
    await learner.release();
    await again.release();
  });

  it('spreads its answers with Monte Carlo dropout, and not without', async () => {
    const learner = await trained({ epochs: 3 });
    const test = directions(3, 3);
    const [withDropout] = await learner.infer(test.data, { mcdoRepeats: 100 });
    const [without] = await learner.infer(test.data, { monteCarloDropout: false });
    assert.ok(Math.max(...withDropout!.std) > 0);
    assert.equal(withDropout!.repeats, 100);
    assert.deepEqual([...without!.std], [0, 0, 0]);
    await learner.release();
  });

  it('answers a sample the same whatever batches it is split into, without dropout', async () => {
    const whole = await trained({ epochs: 2 });
    const parts = await trained({ epochs: 2, valBatchSize: 2 });
    const test = directions(7, 3);
    const a = (await whole.infer(test.data, { monteCarloDropout: false })).map(({ logits }) => [...logits]);
    const b = (await parts.infer(test.data, { monteCarloDropout: false })).map(({ logits }) => [...logits]);
    a.flat().forEach((value, i) => void assert.ok(Math.abs(value - b.flat()[i]!) < 1e-4));
    await whole.release();
    await parts.release();
  });

  it('weighs classes: a heavy class is recalled more', async () => {
    const noisy = directions(96, 1);
    noisy.data.forEach((value, i) => {
      noisy.data[i] = 0.1 * value + normalValues(1, i)[0]!;
    });
    const share = async (classWeights: number[]) => {
      const learner = new ProgressiveSpatioTemporalBLNLearner({ ...options, epochs: 10, classWeights });
      await learner.fit(noisy, null, silent);
      const estimates = await learner.infer(noisy.data, { monteCarloDropout: false });
      await learner.release();
      return estimates.filter(({ category }) => category === 'up').length;
    };
    assert.ok((await share([1, 1, 8])) > (await share([8, 8, 1])));
  });

  const refusals: [string, unknown, RegExp][] = [
    ['an unknown optimizer', { optimizerName: 'adagrad' }, /optimizerName is "adagrad", expected one of "sgd"\|"adam"/],
    ['no epochs', { epochs: 0 }, /epochs is 0/],
    ['a topology with a zero', { topology: [3, 0] }, /topology\.1 is 0/],
    ['an unknown option', { epoch: 3 }, /unknown option epoch is 3/],
    ['a second CUDA device', { deviceIndices: [1] }, /deviceIndices\.0 is 1, expected 0 \(CUDA_VISIBLE_DEVICES/],
    ['an unknown device', { device: 'tpu' }, /device is "tpu"/],
  ];
  for (const [name, value, message] of refusals) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => new ProgressiveSpatioTemporalBLNLearner(value as LearnerOptions),
        (error) => error instanceof InvalidInputError && message.test(error.message),
      );
    });
  }

  it('refuses data that contradict its options', async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner({ ...options, numPoint: 5 });
    await assert.rejects(learner.fit(directions(9, 1), null, silent), /data's size.*2 x 5 x 1.*training data/);
  });

  it('refuses labels beyond its classes', async () => {
    const samples = directions(9, 1);
    samples.labels[4] = 3;
    await assert.rejects(
      new ProgressiveSpatioTemporalBLNLearner(options).fit(samples, null, silent),
      /label of sample 4 is 3, expected 0 to 2/,
    );
  });

  it('refuses an empty topology by name', async () => {
    await assert.rejects(
      new ProgressiveSpatioTemporalBLNLearner({ ...options, topology: [] }).fit(directions(9, 1), null, silent),
      /topology is \[\]/,
    );
  });

  it('says that there is no model yet', async () => {
    await assert.rejects(
      new ProgressiveSpatioTemporalBLNLearner().infer(new Float32Array(0)),
      /the model is missing.*fit/,
    );
  });

  it('says which device is missing', async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner({ ...options, device: 'cuda' });
    await assert.rejects(learner.fit(directions(9, 1), null, silent), /device is "cuda"/);
  });
});

describe('a model on disk', () => {
  const broken: [string, (path: string) => void, RegExp][] = [
    ['without metadata', (path) => rmSync(`${path}.json`), /model's metadata.*model\.json.*ENOENT/],
    ['without weights', (path) => rmSync(`${path}.pt`), /model's weights.*model\.pt.*ENOENT/],
    [
      'whose metadata are cut short',
      (path) => writeFileSync(`${path}.json`, '{"model_paths": ['),
      /metadata.*JSON.*model\.json/,
    ],
    [
      'whose metadata contradict its weights',
      (path) =>
        writeFileSync(`${path}.json`, readFileSync(`${path}.json`, 'utf8').replace('"num_point": 6', '"num_point": 7')),
      /num_point is 7, expected 6, as .*model\.pt has it/,
    ],
    [
      'whose weights are cut short',
      (path) => writeFileSync(`${path}.pt`, readFileSync(`${path}.pt`).subarray(0, 500)),
      /archive.*model\.pt/,
    ],
  ];
  for (const [damage, apply, message] of broken) {
    it(`${damage} is refused by name`, async () => {
      const learner = new ProgressiveSpatioTemporalBLNLearner(options);
      learner.initModel(FRAMES);
      const directory = join(folder.path, damage.replaceAll(' ', '_'));
      await learner.save(directory, 'model', false);
      apply(join(directory, 'model'));
      await assert.rejects(
        new ProgressiveSpatioTemporalBLNLearner().load(directory, 'model', false),
        (error) => error instanceof InvalidInputError && message.test(error.message),
      );
    });
  }
});
