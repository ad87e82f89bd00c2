import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ExternalDataset } from '../../src/datasets/external_dataset.js';
import { labelBytes } from '../../src/datasets/label_file.js';
import { npyBytes } from '../../src/datasets/npy.js';
import { openSampleSource, type Sample, sampleSourceOf } from '../../src/datasets/sample_source.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();
const files = { dataFilename: 'train.npy', labelsFilename: 'train_labels.pkl' };
const values = Float32Array.from({ length: 24 }, (_, i) => i);

function dataset(dims: readonly number[], labels: readonly number[]): ExternalDataset {
  writeFileSync(join(folder.path, 'train.npy'), npyBytes({ dims, values }));
  writeFileSync(
    join(folder.path, 'train_labels.pkl'),
    labelBytes(
      labels.map((label) => `of ${label}`),
      labels,
    ),
  );
  return new ExternalDataset(folder.path, 'AFEW');
}

describe('a dataset in files', () => {
  it('is gathered by index', async () => {
    const source = await dataset([3, 2, 1, 4, 1], [0, 1, 5]).open(files);
    assert.equal(source.count, 3);
    assert.deepEqual(source.dims, [2, 1, 4, 1]);
    assert.deepEqual([...source.labels], [0, 1, 5]);
    assert.deepEqual(source.names, ['of 0', 'of 1', 'of 5']);
    const target = new Float32Array(16);
    await source.gather([2, 0], target);
    assert.deepEqual([...target], [...values.slice(16), ...values.slice(0, 8)]);
    await assert.rejects(async () => source.gather([3], target), /index of a row is 3, expected 0 to 2.*train\.npy/);
    await source.close();
  });

  it('of four axes has one face in each sample', async () => {
    const source = await dataset([3, 2, 1, 4], [0, 1, 5]).open(files);
    assert.deepEqual(source.dims, [2, 1, 4, 1]);
    await source.close();
  });

  it('may have its labels as JSON', async () => {
    const external = dataset([2, 2, 1, 6, 1], [0, 1]);
    rmSync(join(folder.path, 'train_labels.pkl'));
    writeFileSync(join(folder.path, 'train_labels.json'), '[4, 2]');
    const source = await external.open(files);
    assert.deepEqual([...source.labels], [4, 2]);
    assert.equal(source.names, null);
    await source.close();
    rmSync(join(folder.path, 'train_labels.json'));
    await assert.rejects(external.open(files), /ENOENT.*train_labels\.pkl/);
  });

  it('is refused where its files contradict each other, or are of another shape', async () => {
    await assert.rejects(
      dataset([3, 2, 1, 4, 1], [0, 1]).open(files),
      /number of labels is 2, expected 3.*labels\.pkl/,
    );
    for (const dims of [[3, 8], [24], [1, 2, 1, 4, 1, 3]]) {
      await assert.rejects(dataset(dims, [0]).open(files), /shape is.*N, C, T, V, M.*train\.npy/);
    }
    await assert.rejects(openSampleSource(join(folder.path, 'none'), join(folder.path, 'train_labels.pkl')), /none/);
    assert.throws(() => new ExternalDataset('', 'AFEW'), /path is ""/);
  });
});

describe('samples that a program makes', () => {
  async function* generated(): AsyncGenerator<Sample> {
    const data = new Float32Array(2);
    for (let label = 0; label < 3; label++) yield { data: data.fill(label + 0.5), label };
  }

  it('are a source', async () => {
    const source = await sampleSourceOf(generated(), [1, 1, 2, 1]);
    const target = new Float32Array(6);
    await source.gather([2, 1, 0], target);
    assert.deepEqual([...target], [2.5, 2.5, 1.5, 1.5, 0.5, 0.5]);
    assert.deepEqual([...source.labels], [0, 1, 2]);
    assert.equal(source.names, null);
    const named = [
      { data: [1, 2], label: 4, name: 'a' },
      { data: [3, 4], label: 0 },
    ];
    assert.deepEqual((await sampleSourceOf(named, [2, 1, 1, 1])).names, ['a', '1']);
    assert.equal((await sampleSourceOf([], [2, 1, 1, 1])).count, 0);
  });

  it('are refused where one is of another size or has no class', async () => {
    const good = { data: [1, 2], label: 0 };
    await assert.rejects(
      sampleSourceOf([good, { data: [1], label: 0 }], [2, 1, 1, 1]),
      /size of sample 1 is 1, expected 2/,
    );
    await assert.rejects(sampleSourceOf([good, { ...good, label: -1 }], [2, 1, 1, 1]), /label of sample 1 is -1/);
    await assert.rejects(sampleSourceOf([good], [2, 0, 1, 1]), /dims/);
  });
});
