import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ExternalDataset } from '../../src/datasets/external_dataset.js';
import { npyBytes, readNpy } from '../../src/datasets/npy.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../../src/learner/progressive_spatio_temporal_bln_learner.js';
import { temporaryFolder } from '../support/folders.js';
import { preparedLearner } from '../support/prepared_learner.js';
import { PREPARED_DIMS, writePreparedSamples } from '../support/prepared_samples.js';
import { pstbln } from '../support/pstbln_command.js';

const folder = temporaryFolder();
const run = (line: string) => pstbln(folder.path, line);
const path = (...names: string[]) => join(folder.path, ...names);
const COMMANDS = ['train', 'build', 'cross-validate', 'evaluate', 'infer', 'export', 'download'];

/** Runs a command that succeeds; all that it prints on the standard output is one JSON text. */
function json(line: string) {
  const { status, stdout, stderr } = run(`${line} --json`);
  assert.equal(status, 0, stderr);
  assert.equal(stdout.trimEnd().split('\n').length, 1);
  return JSON.parse(stdout);
}

before(async () => {
  writePreparedSamples(path('data'));
  const learner = await preparedLearner(new ExternalDataset(path('data'), 'AFEW'));
  await learner.save(path('models'), 'small', false);
  await learner.release();
  const { values } = readNpy(path('data', 'val.npy'));
  const size = PREPARED_DIMS.reduce<number>((product, dim) => product * dim, 1);
  writeFileSync(path('one.npy'), npyBytes({ dims: PREPARED_DIMS, values: values.slice(0, size) }));
});

describe('pstbln evaluate', () => {
  const line = 'evaluate --data data --model models/small --mcdo-repeats 10';

  it('prints the report of eval as JSON, and writes the files that are asked for', async () => {
    const report = json(
      `${line} --top-k 1,3 --wrong-file w.txt --result-file r.txt --score-file s.pkl --report e.html`,
    );
    const learner = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu', seed: 0 });
    await learner.load(path('models'), 'small', false);
    const { report: expected } = await learner.eval(new ExternalDataset(path('data'), 'AFEW'), {
      silent: true,
      mcdoRepeats: 10,
      showTopk: [1, 3],
    });
    await learner.release();
    assert.deepEqual(report.confusion, expected.confusion);
    assert.ok(Math.abs(report.nll - expected.nll) < 1e-5);
    assert.deepEqual(Object.keys(report.top_k), ['1', '3']);
    assert.equal(readFileSync(path('r.txt'), 'utf8').trimEnd().split('\n').length, 21);
    const wrong = readFileSync(path('w.txt'), 'utf8').trimEnd().split('\n').length;
    assert.equal(wrong, Math.round(21 * (1 - report.accuracy)));
    assert.ok(existsSync(path('s.pkl')));
    assert.doesNotMatch(readFileSync(path('e.html'), 'utf8'), /<script|@import|url\(|https?:|NaN|undefined/);
  });

  it('takes other files of the folder', () => {
    const report = json(`${line} --data-file train.npy --labels-file train_labels.pkl`);
    assert.equal(report.samples, 42);
  });

  it('tells its answer by the seed', () => {
    assert.deepEqual(json(`${line} --seed 3`), json(`${line} --seed 3`));
    assert.notEqual(json(`${line} --seed 3`).nll, json(`${line} --seed 4`).nll);
  });
});

describe('pstbln infer', () => {
  it('answers one sample, or many, as JSON and as lines', () => {
    const [one] = json('infer --model models/small --input one.npy --mcdo-repeats 0');
    const many = json('infer --model models/small --input data/val.npy --mcdo-repeats 0');
    assert.equal(many.length, 21);
    assert.equal(one.category, many[0].category);
    assert.ok(Math.abs(one.confidence - many[0].confidence) < 1e-5);
    const { stdout } = run('infer --model models/small --input one.npy --mcdo-repeats 7');
    assert.match(stdout, /^0: \w+ 0\.\d{3} \+- 0\.\d{3}, entropy \d\.\d{3} nats, 7 repeats\n$/);
  });

  it('draws no more repeats than it needs, where asked', () => {
    const answers = json(
      'infer --model models/small --input data/val.npy --mcdo-repeats 200 --mcdo-error-probability 0.05',
    );
    const repeats = answers.map((answer: { repeats: number }) => answer.repeats);
    assert.ok(Math.max(...repeats) <= 200 && Math.min(...repeats) < 200, repeats.join());
  });

  it('fails with one line for samples of another shape, and for elements that are no numbers', () => {
    writeFileSync(path('flat.npy'), npyBytes({ dims: [2, 9], values: new Float32Array(18) }));
    const values = readNpy(path('one.npy')).values.fill(Number.NaN);
    writeFileSync(path('nan.npy'), npyBytes({ dims: PREPARED_DIMS, values }));
    for (const [input, message] of [
      ['flat.npy', /^pstbln: the shape of the samples is \[2,9\], expected \(N, 2, 12, 9, 1\) \(from flat\.npy\)\n$/],
      ['nan.npy', /^pstbln: an element of sample 0 is NaN, expected finite numbers/],
      ['none.npy', /^pstbln: .*none\.npy/],
    ] as const) {
      const { status, stdout, stderr } = run(`infer --model models/small --input ${input} --json`);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, message);
    }
  });
});

describe('pstbln export', () => {
  it('writes a model that evaluates as before, and says which files', () => {
    const { files, model } = json('export --model models/small --output onnx/small.onnx --fold-constants');
    assert.deepEqual(files, ['onnx/small.onnx', 'onnx/small.json']);
    for (const file of files) assert.ok(existsSync(path(file)));
    const line = 'evaluate --data data --mcdo-repeats 10';
    const [before, after] = ['models/small', model].map((name) => json(`${line} --model ${name}`));
    assert.deepEqual(after.confusion, before.confusion);
    assert.ok(Math.abs(after.nll - before.nll) < 1e-4);
  });

  it('refuses a model that is exported already', () => {
    const { status, stderr } = run('export --model onnx/small --output again/small');
    assert.equal(status, 1);
    assert.match(stderr, /^pstbln: the model is "an optimized one".*\n$/);
  });
});

describe('pstbln download', () => {
  it('fetches from a folder, and says where to as JSON', () => {
    mkdirSync(path('server', 'data'), { recursive: true });
    writePreparedSamples(path('server', 'data', 'AFEW'));
    const url = pathToFileURL(path('server')).href;
    const line = `download --path here --url ${url} --dataset-name AFEW`;
    const { path: fetched } = json(line);
    const names = ['train.npy', 'train_labels.pkl'];
    for (const name of names) {
      assert.deepEqual(readFileSync(path(fetched, name)), readFileSync(path('server', 'data', 'AFEW', name)));
    }
    assert.match(run(line).stderr, /train\.npy is there already/);
  });

  it('fails with one line where there is nothing', () => {
    const line = `download --path here --url ${pathToFileURL(path('nowhere')).href} --dataset-name AFEW2`;
    const { status, stdout, stderr } = run(line);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^pstbln: cannot download file:.*nowhere.*\n$/);
  });
});

describe('the help of every command', () => {
  it('has examples of that command, and exits with 0', () => {
    const { stdout: all } = run('--help');
    for (const name of COMMANDS) {
      assert.match(all, new RegExp(`^  ${name} `, 'm'));
      const { status, stdout } = run(`${name} --help`);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Examples:\n( .*\n)*  pstbln ${name}`));
      assert.match(stdout, /--json/);
    }
  });
});
