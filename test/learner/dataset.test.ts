import assert from 'node:assert/strict';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ExternalDataset } from '../../src/datasets/external_dataset.js';
import { labelBytes } from '../../src/datasets/label_file.js';
import { npyBytes, readNpy } from '../../src/datasets/npy.js';
import type { Dataset } from '../../src/learner/dataset.js';
import type { FitOptions, LearnerOptions } from '../../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../src/learner/progressive_spatio_temporal_bln_learner.js';
import type { EpochSource, SampleSource } from '../../src/learner/samples.js';
import { temporaryFolder } from '../support/folders.js';
import { preparedOptions, samplesOneByOne } from '../support/prepared_learner.js';
import { PREPARED_DIMS, writePreparedSamples } from '../support/prepared_samples.js';

const folder = temporaryFolder();
const TRAIN = { dataFilename: 'train.npy', labelsFilename: 'train_labels.pkl' };
const silent: FitOptions = { silent: true, mcdoRepeats: 3 };
let dataset: ExternalDataset;

before(() => {
  writePreparedSamples(join(folder.path, 'data'));
  dataset = new ExternalDataset(join(folder.path, 'data'), 'AFEW');
});

/** Trains for two epochs; the losses and the weights' answers tell what it saw. */
async function fitted(training: Dataset | EpochSource, changes: LearnerOptions = {}, fit: FitOptions = {}) {
  const learner = new ProgressiveSpatioTemporalBLNLearner(preparedOptions({ epochs: 2, ...changes }));
  try {
    const { trainLoss, evalResults } = await learner.fit(training, null, { ...silent, ...fit });
    return { trainLoss, evalResults, logits: await learner.logits(new Float32Array(2 * 12 * 9).fill(0.1), 0) };
  } finally {
    await learner.release();
  }
}

/** Files of a folder that this process holds open. */
function openFiles(path: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(join('/proc/self/fd', fd));
      return file.startsWith(path) || file.includes('.npy_rows') ? [file] : [];
    } catch {
      return [];
    }
  });
}

/** A .npy file of big-endian float64. */
function bigEndianDoubles(dims: readonly number[], values: Float32Array): Buffer {
  const header = npyBytes({ dims, values })
    .subarray(0, -4 * values.length)
    .toString('latin1')
    .replace('<f4', '>f8');
  const elements = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => void elements.writeDoubleBE(value, 8 * index));
  return Buffer.concat([Buffer.from(header, 'latin1'), elements]);
}

describe('a dataset in files', { skip: process.platform !== 'linux' && 'needs /proc' }, () => {
  it('is closed after fit, networkBuilder and eval', async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner(
      preparedOptions({ epochs: 1, numLayers: 1, numBlocks: 1, tempPath: join(folder.path, 'temp') }),
    );
    let seen: string[] = [];
    const onEpoch = () => {
      seen = openFiles(folder.path);
      return true;
    };
    await learner.fit(dataset, dataset, silent, onEpoch);
    assert.deepEqual(
      seen.sort(),
      ['train.npy', 'val.npy'].map((name) => join(dataset.path, name)),
    );
    assert.deepEqual(openFiles(folder.path), []);
    await learner.networkBuilder(dataset, dataset, silent);
    await learner.eval(dataset, { silent: true, mcdoRepeats: 2 });
    assert.deepEqual(openFiles(folder.path), []);
    await learner.release();
  });

  it('is closed where it is refused, where the other one is, and where training fails', async () => {
    const learner = () => new ProgressiveSpatioTemporalBLNLearner(preparedOptions({ epochs: 1, numClass: 6 }));
    const none = new ExternalDataset(join(folder.path, 'none'), 'AFEW');
    await assert.rejects(learner().fit(dataset, null, silent), /label of sample 6 is 6.*train_labels\.pkl/);
    await assert.rejects(fitted(dataset, { numPoint: 8 }), /numPoint is 8, expected 9, as the samples \(2, 12, 9, 1\)/);
    const whole = new ProgressiveSpatioTemporalBLNLearner(preparedOptions({ epochs: 1 }));
    await assert.rejects(whole.fit(dataset, none, silent), /none\/val_labels\.pkl/);
    await assert.rejects(whole.networkBuilder(dataset, none, silent), /none\/val_labels\.pkl/);
    await assert.rejects(fitted(dataset, { lr: 1e12 }), /became .* in epoch 0: lower the learning rate/);
    await assert.rejects(
      whole.fit(dataset, dataset, silent, () => {
        throw new Error('the listener fails');
      }),
      /the listener fails/,
    );
    assert.deepEqual(openFiles(folder.path), []);
  });

  it('in any order and type of elements trains as the one in memory', async () => {
    const { dims, values } = readNpy(join(dataset.path, 'train.npy'));
    const { labels, close } = await dataset.open(TRAIN);
    await close();
    const expected = await fitted({ data: values, labels, count: labels.length });
    const place = join(folder.path, 'double');
    writePreparedSamples(place);
    writeFileSync(join(place, 'train.npy'), bigEndianDoubles(dims, values));
    assert.deepEqual(await fitted(new ExternalDataset(place, 'AFEW')), expected);
    assert.deepEqual(await fitted(dataset), expected);
  });

  it('may have other names, and labels as JSON', async () => {
    const place = join(folder.path, 'named');
    writePreparedSamples(place);
    const { labels, close } = await dataset.open(TRAIN);
    await close();
    writeFileSync(join(place, 'other.json'), JSON.stringify([...labels]));
    writeFileSync(join(place, 'train_labels.pkl'), labelBytes(null, [0]));
    const external = new ExternalDataset(place, 'AFEW');
    assert.deepEqual(await fitted(external, {}, { trainLabelsFilename: 'other.json' }), await fitted(dataset));
    await assert.rejects(fitted(external), /number of labels is 1, expected 42/);
  });
});

describe('the samples of fit', () => {
  it('may come from a generator, which is read once', async () => {
    const source = await dataset.open(TRAIN);
    assert.deepEqual(await fitted(samplesOneByOne(source)), await fitted(dataset));
    await source.close();
  });

  it('may be more than memory holds: a source is asked for a batch at a time, and for each sample once an epoch', async () => {
    const source = await dataset.open(TRAIN);
    const asked: number[][] = [];
    const counting: SampleSource = {
      ...source,
      gather: (indices, target) => {
        asked.push(Array.from(indices));
        return source.gather(indices, target);
      },
    };
    assert.deepEqual(await fitted(counting, { batchSize: 10 }), await fitted(dataset, { batchSize: 10 }));
    await source.close();
    assert.ok(Math.max(...asked.map(({ length }) => length)) <= 10);
    const inOrder = Array.from({ length: source.count }, (_, index) => index);
    const [first, second] = [asked.slice(0, 5), asked.slice(5)].map((batches) => batches.flat());
    for (const epoch of [first!, second!])
      assert.deepEqual(
        epoch.toSorted((a, b) => a - b),
        inOrder,
      );
    assert.notDeepEqual(first, second, 'each epoch has an order of its own');
  });

  it('may be drawn anew for each epoch, by its seed', async () => {
    const { values } = readNpy(join(dataset.path, 'train.npy'));
    const source = await dataset.open(TRAIN);
    await source.close();
    const seeds: number[] = [];
    const epochs: EpochSource = {
      epoch: (seed) => {
        seeds.push(seed);
        return { data: values.map((value) => value + 0.001 * seed), labels: source.labels, count: source.count };
      },
    };
    await fitted(epochs, { epochs: 3, seed: 40 });
    assert.deepEqual([...new Set(seeds)], [40, 41, 42]);
    const short = { epoch: (seed: number) => ({ ...epochs.epoch(seed), labels: source.labels.slice(1) }) };
    await assert.rejects(fitted(short), /data's size/);
  });

  it('are refused with a NaN in them, by name', async () => {
    const { values } = readNpy(join(dataset.path, 'train.npy'));
    const { labels, close } = await dataset.open(TRAIN);
    await close();
    values[17 * PREPARED_DIMS.reduce<number>((product, dim) => product * dim, 1)] = Number.NaN;
    await assert.rejects(fitted({ data: values, labels, count: labels.length }), /element of sample 17 is NaN/);
  });

  it('are refused where there are not as many weights as classes', async () => {
    await assert.rejects(fitted(dataset, { classWeights: [1, 2, 3] }), /classWeights is \[1,2,3\], expected 7 weights/);
  });
});
