import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ExternalDataset } from '../../../src/datasets/external_dataset.js';
import { labelBytes } from '../../../src/datasets/label_file.js';
import { npyBytes, readNpy } from '../../../src/datasets/npy.js';
import type { FileSampleSource, Sample } from '../../../src/datasets/sample_source.js';
import { InvalidInputError } from '../../../src/errors.js';
import type { Dataset } from '../../../src/learner/dataset.js';
import type { EvalResults } from '../../../src/learner/evaluation/evaluate_network.js';
import type { CalibrateOptions, EvalOptions } from '../../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../../src/learner/progressive_spatio_temporal_bln_learner.js';
import type { Samples } from '../../../src/learner/samples.js';
import { numpyNames } from '../../../src/pickle/numpy_objects.js';
import { readPickle } from '../../../src/pickle/pickle_reader.js';
import { temporaryFolder } from '../../support/folders.js';
import { relativeDifference } from '../../support/networks.js';
import { preparedLearner, preparedOptions, samplesOneByOne } from '../../support/prepared_learner.js';
import { PREPARED_CLASSES, PREPARED_DIMS, writePreparedSamples } from '../../support/prepared_samples.js';

const folder = temporaryFolder();
const COUNT = 21;
let dataset: ExternalDataset;
let source: FileSampleSource;
let samples: Samples;
let learner: ProgressiveSpatioTemporalBLNLearner;

before(async () => {
  writePreparedSamples(join(folder.path, 'data'));
  dataset = new ExternalDataset(join(folder.path, 'data'), 'AFEW');
  source = await dataset.open({ dataFilename: 'val.npy', labelsFilename: 'val_labels.pkl' });
  const { values } = readNpy(join(folder.path, 'data', 'val.npy'));
  samples = { data: values, labels: source.labels, count: COUNT };
  learner = await preparedLearner(dataset, { tempPath: join(folder.path, 'temp'), experimentName: 'evaluated' });
});
after(async () => {
  await learner.release();
  await source.close();
});

const evaluated = (given: Dataset | null, options: EvalOptions = {}): Promise<EvalResults> =>
  learner.eval(given, { silent: true, mcdoRepeats: 10, ...options });

function scoresIn(path: string): Map<string, number[]> {
  const bytes = readFileSync(path);
  return readPickle(bytes, numpyNames(bytes.length, path), path) as Map<string, number[]>;
}

describe('eval', () => {
  it('answers a dataset in files: some right, some wrong, as its figures say', async () => {
    const { accuracy, loss, score, report, estimates, epoch } = await evaluated(dataset, { epoch: 3 });
    assert.equal(epoch, 3);
    assert.equal(report.samples, COUNT);
    const right = estimates.filter(({ categoryIndex }, sample) => categoryIndex === source.labels[sample]).length;
    assert.ok(right > 0 && right < COUNT, `${right} right`);
    assert.equal(accuracy, right / COUNT);
    assert.equal(score.length, COUNT * PREPARED_CLASSES);
    const crossEntropies = estimates.map(({ logits }, sample) => {
      const total = Math.log([...logits].reduce((sum, value) => sum + Math.exp(value), 0));
      return total - logits[source.labels[sample]!]!;
    });
    const mean = crossEntropies.reduce((sum, value) => sum + value, 0) / COUNT;
    assert.ok(Math.abs(loss - mean) < 1e-5, `${loss} and ${mean}`);
    assert.ok(estimates.every(({ repeats, std }) => repeats === 10 && Math.max(...std) > 0));
  });

  it('answers the same samples the same, wherever they come from', async () => {
    const { estimates, report } = await evaluated(dataset);
    const list: Sample[] = [];
    for await (const sample of samplesOneByOne(source)) list.push({ ...sample, data: sample.data.slice() });
    const others: [string, Dataset | null, EvalOptions][] = [
      ['samples in memory', samples, {}],
      ['a source', source, {}],
      ['an asynchronous generator', samplesOneByOne(source), {}],
      ['a list', list, {}],
      ['valLoader', null, { valLoader: samples }],
      [
        'valLoader in place of a dataset',
        new ExternalDataset(join(folder.path, 'none'), 'AFEW'),
        { valLoader: source },
      ],
    ];
    for (const [name, given, options] of others) {
      const results = await evaluated(given, options);
      assert.deepEqual(results.estimates, estimates, name);
      assert.deepEqual(results.report, report, name);
    }
  });

  it('makes one pass without Monte Carlo dropout, the same in any batches', async () => {
    const whole = await evaluated(samples, { monteCarloDropout: false });
    assert.ok(whole.estimates.every(({ repeats, std }) => repeats === 0 && Math.max(...std) === 0));
    const path = join(folder.path, 'batches');
    await learner.save(path, 'model', false);
    const small = new ProgressiveSpatioTemporalBLNLearner({ valBatchSize: 4, device: 'cpu', threads: 1 });
    await small.load(path, 'model', false);
    const parts = await small.eval(dataset, { silent: true, monteCarloDropout: false });
    await small.release();
    assert.ok(relativeDifference(parts.score, whole.score) < 1e-5);
    assert.deepEqual(parts.report.confusion, whole.report.confusion);
  });

  it('draws no more passes than the answers need, where an error probability is given', async () => {
    const { estimates } = await evaluated(samples, { mcdoRepeats: 200, mcdoErrorProbability: 0.05 });
    const repeats = estimates.map((estimate) => estimate.repeats);
    assert.ok(Math.max(...repeats) <= 200 && Math.min(...repeats) >= 1);
    assert.ok(new Set(repeats).size > 1, repeats.join());
  });

  it('counts landmarks as much as the face that they are compared with is the own one, where pixels were seen', async () => {
    const { classes } = learner;
    const weights = classes.map(() => new Array<number>(256).fill(0));
    // Pixels tell nothing here, and landmarks count for nothing beside them while the own face is not known.
    learner.appearance = {
      classifier: { classes: [...classes], weights, bias: classes.map(() => 0) },
      landmarks_power: 0,
    };
    const appearances = Array.from({ length: COUNT }, () => new Float32Array(256));
    const meansWith = async (options: EvalOptions) =>
      (await evaluated(samples, options)).estimates.map(({ mean }) => mean);
    const referenceWeights = Array.from({ length: COUNT }, (_, sample) => sample % 2);
    const [plain, unknown, some] = [
      await meansWith({}),
      await meansWith({ appearances }),
      await meansWith({ appearances, referenceWeights }),
    ];
    assert.ok(unknown.every((mean) => mean.every((p) => Math.abs(p - 1 / classes.length) < 1e-6)));
    some.forEach((mean, sample) => {
      const expected = (sample % 2 === 1 ? plain : unknown)[sample]!;
      assert.ok(relativeDifference([...mean], [...expected]) < 1e-5, `sample ${sample}`);
    });
    await assert.rejects(
      evaluated(samples, { appearances, referenceWeights: [1] }),
      /the number of referenceWeights is 1, expected 21/,
    );
    learner.appearance = null;
  });

  it('tells the top k that are asked for', async () => {
    const { report } = await evaluated(samples, { showTopk: [1, 3, 7] });
    assert.deepEqual(Object.keys(report.top_k), ['1', '3', '7']);
    assert.equal(report.top_k['1'], report.accuracy);
    assert.ok(report.top_k['3']! >= report.accuracy);
    assert.equal(report.top_k['7'], 1);
  });

  it('writes the wrong answers, all answers, and the scores by name', async () => {
    const [wrongFile, resultFile, saveScore] = ['wrong.txt', 'all.txt', 'scores.pkl'].map((name) =>
      join(folder.path, 'written', name),
    ) as [string, string, string];
    const { estimates } = await evaluated(dataset, { wrongFile, resultFile, saveScore });
    const answers = estimates.map(({ categoryIndex }, index) => ({
      index,
      answer: categoryIndex,
      label: source.labels[index],
    }));
    const all = answers.map(({ answer, label }) => `${answer},${label}\n`);
    const wrong = answers.filter(({ answer, label }) => answer !== label);
    assert.equal(readFileSync(resultFile, 'utf8'), all.join(''));
    assert.equal(
      readFileSync(wrongFile, 'utf8'),
      wrong.map(({ index, answer, label }) => `${index},${answer},${label}\n`).join(''),
    );
    const scores = scoresIn(saveScore);
    assert.deepEqual([...scores.keys()], source.names);
    assert.deepEqual(
      [...scores.values()],
      estimates.map(({ logits }) => [...logits]),
    );
  });

  it('writes the scores under tempPath where no file is named, numbered where the samples have no names', async () => {
    const path = join(folder.path, 'temp', 'evaluated_score.pkl');
    rmSync(path, { force: true });
    await evaluated(samples);
    assert.ok(!existsSync(path));
    await evaluated(samples, { saveScore: true });
    const scores = scoresIn(path);
    assert.deepEqual(
      [...scores.keys()],
      Array.from({ length: COUNT }, (_, index) => String(index)),
    );
  });

  it('takes files of other names', async () => {
    const place = join(folder.path, 'other_names');
    cpSync(join(folder.path, 'data', 'val.npy'), join(place, 'x.npy'));
    writeFileSync(join(place, 'y.json'), JSON.stringify([...source.labels]));
    const other = new ExternalDataset(place, 'AFEW');
    const { estimates } = await evaluated(other, { valDataFilename: 'x.npy', valLabelsFilename: 'y.json' });
    assert.deepEqual(estimates, (await evaluated(dataset)).estimates);
    await assert.rejects(evaluated(other), /val_labels\.pkl/);
  });

  it('answers with an optimized model as before', async () => {
    const before = await evaluated(dataset);
    for (const constantFolding of [false, true]) {
      const optimized = await preparedLearner(dataset, { tempPath: join(folder.path, 'temp') });
      await optimized.optimize(constantFolding);
      const results = await optimized.eval(dataset, { silent: true, mcdoRepeats: 10 });
      await optimized.release();
      assert.ok(relativeDifference(results.score, before.score) < 1e-4);
      assert.deepEqual(results.report.confusion, before.report.confusion);
    }
  });
});

describe('calibrate', () => {
  it('fits the temperature: with its prior, no other makes the answers likelier', async () => {
    // Some labels are wrong, so that the answers should be less sure.
    const labels = samples.labels.map((label, index) => (index % 2 === 0 ? (label + 1) % PREPARED_CLASSES : label));
    const doubtful = { ...samples, labels };
    const unlikeliness = async () => {
      const { report } = await evaluated(doubtful, { monteCarloDropout: false });
      return COUNT * report.nll + Math.log(learner.temperature) ** 2 / 2;
    };
    try {
      const before = await unlikeliness();
      const fitted = await learner.calibrate(doubtful, { monteCarloDropout: false });
      assert.equal(learner.temperature, fitted);
      const best = await unlikeliness();
      assert.ok(best < before, `${best} and ${before}`);
      for (const factor of [0.8, 0.95, 1.05, 1.25]) {
        learner.temperature = fitted * factor;
        assert.ok((await unlikeliness()) > best, `${factor} of ${fitted}`);
      }
      await learner.calibrate(doubtful, { mcdoRepeats: 5 });
      assert.notEqual(learner.temperature, fitted);
    } finally {
      learner.temperature = 1;
    }
  });

  it('refuses what eval refuses, and options of its own', async () => {
    const none = new ExternalDataset(join(folder.path, 'none'), 'AFEW');
    await assert.rejects(learner.calibrate(none), /none\/val_labels\.pkl/);
    await assert.rejects(learner.calibrate([]), /number of samples is 0/);
    await assert.rejects(learner.calibrate(samples, { repeats: 3 } as CalibrateOptions), /unknown option repeats is 3/);
    assert.equal(learner.temperature, 1);
  });
});

describe('eval refuses', () => {
  const [, frames, points] = PREPARED_DIMS;
  const files = (name: string, dims: readonly number[], labels: readonly number[]): ExternalDataset => {
    const place = join(folder.path, name);
    cpSync(join(folder.path, 'data'), place, { recursive: true });
    const values = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    writeFileSync(join(place, 'val.npy'), npyBytes({ dims, values }));
    writeFileSync(join(place, 'val_labels.pkl'), labelBytes(null, labels));
    return new ExternalDataset(place, 'AFEW');
  };
  const refused = (given: Dataset | null, message: RegExp, options: EvalOptions = {}) =>
    assert.rejects(
      evaluated(given, options),
      (error) => error instanceof InvalidInputError && message.test(error.message),
    );

  it('data of other points or frames than the model, by name, with both numbers and the file', async () => {
    const [other, short] = [
      files('points', [2, 2, frames, 7, 1], [0, 1]),
      files('frames', [2, 2, 5, points, 1], [0, 1]),
    ];
    await refused(other, /numPoint is 9, expected 7, as the samples \(2, 12, 7, 1\) have it.*points\/val\.npy/);
    await refused(short, /numFrames is 12, expected 5, as the samples \(2, 5, 9, 1\) have it.*frames\/val\.npy/);
    await refused(files('faces', [2, 2, frames, points, 2], [0, 1]), /numPerson is 1, expected 2/);
    await refused(files('channels', [2, 3, frames, points, 1], [0, 1]), /inChannels is 2, expected 3/);
    // 2 x 12 x 7 elements are no whole number of frames of 2 x 9.
    const flat = { data: new Float32Array(2 * frames * 7), labels: Int32Array.of(0), count: 1 };
    await refused(flat, /numPoint is 9, expected 7, as the samples \(2, 12, 7, 1\) have it.*validation data/);
  });

  it('labels beyond the classes, by the sample and the file of the labels', async () => {
    const given = files('labels', [3, ...PREPARED_DIMS], [0, 7, 8]);
    await refused(given, /label of sample 1 is 7, expected 0 to 6 \(numClass is 7\).*labels\/val_labels\.pkl/);
  });

  it('no samples', async () => {
    const none = { data: new Float32Array(0), labels: new Int32Array(0), count: 0 };
    for (const given of [none, [], files('none', [0, ...PREPARED_DIMS], [])]) {
      await refused(given, /number of samples is 0, expected one or more/);
    }
    await refused(null, /valDataset is null, expected samples, here or as valLoader/);
  });

  it('a file that is missing, and what is no dataset at all', async () => {
    await refused(new ExternalDataset(join(folder.path, 'nowhere'), 'AFEW'), /nowhere\/val_labels\.pkl/);
    const place = files('no_data', [1, ...PREPARED_DIMS], [0]);
    rmSync(join(place.path, 'val.npy'));
    await refused(place, /no_data\/val\.npy/);
    for (const given of ['data/AFEW', 3, {}, undefined]) {
      await refused(given as unknown as Dataset, /the dataset is .*expected an ExternalDataset, or samples/);
    }
  });

  it('elements that are no numbers, by the sample and the file', async () => {
    const data = samples.data.slice();
    data[5 * 2 * frames * points + 3] = Number.NaN;
    await refused({ ...samples, data }, /element of sample 5 is NaN.*validation data/);
    const given = files('infinite', [COUNT, ...PREPARED_DIMS], [...source.labels]);
    const infinite = samples.data.slice();
    infinite[0] = Number.POSITIVE_INFINITY;
    writeFileSync(join(given.path, 'val.npy'), npyBytes({ dims: [COUNT, ...PREPARED_DIMS], values: infinite }));
    await refused(given, /element of sample 0 is Infinity.*infinite\/val\.npy/);
  });

  it('options that it does not know, or of another kind', async () => {
    await refused(samples, /unknown option mcdoRepeat is 5/, { mcdoRepeat: 5 } as EvalOptions);
    await refused(samples, /mcdoRepeats is 0/, { mcdoRepeats: 0 });
    await refused(samples, /mcdoErrorProbability is 0\.5/, { mcdoErrorProbability: 0.5 });
    await refused(samples, /showTopk\.1 is 0/, { showTopk: [1, 0] });
    await refused(samples, /valLoader is "data"/, { valLoader: 'data' as unknown as Dataset });
  });

  it('to work without a model', async () => {
    await assert.rejects(
      new ProgressiveSpatioTemporalBLNLearner(preparedOptions()).eval(samples),
      /the model is missing/,
    );
  });
});
