import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { partNames } from '../../src/datasets/prepared_folder.js';
import { writePreparedPart } from '../../src/datasets/prepared_samples.js';
import { readNetworkModel } from '../../src/learner/checkpoint/model_directory.js';
import { exportedGraphBytes } from '../../src/learner/onnx/export_graph.js';
import { packageRoot } from '../../src/package_root.js';
import { shapePredictorMissing } from '../support/dlib.js';
import { temporaryFolder } from '../support/folders.js';
import { hasPythonModule, NO_ONNX, NO_PYTORCH, pyTorchPython } from '../support/pytorch.js';
import { codeBlocks } from './markdown.js';

const root = packageRoot();
/** Within the package, so that the examples find it by its name. */
const place = join(root, 'build', `docs_examples_${process.pid}`);
const folder = temporaryFolder();

const skip = existsSync(join(root, 'dist', 'index.js')) ? false : 'needs dist (npm run build)';

function node(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
}

describe('the TypeScript examples in the documentation', { skip }, () => {
  const examples = codeBlocks('ts').map(({ code }) => code);

  before(() => {
    mkdirSync(place, { recursive: true });
    examples.forEach((code, index) => {
      writeFileSync(join(place, `example_${index}.ts`), code);
    });
    const options = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'], skipLibCheck: true };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  it('compile against the types that the package gives', () => {
    assert.equal(examples.length, 5);
    const { status, stdout } = node(place, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', place);
    assert.equal(status, 0, stdout);
  });

  it('run: a small network learns, answers and is saved', () => {
    const { status, stdout, stderr } = node(folder.path, join(place, 'example_0.js'));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^loss of the last epoch 0\.\d+\ndown (0\.[5-9]\d*|1) \d/);
    for (const ending of ['pt', 'json']) assert.ok(existsSync(join(folder.path, 'models', `updown.${ending}`)), ending);
  });

  it('run: data and labels in files are gathered', () => {
    const { status, stdout, stderr } = node(folder.path, join(place, 'example_1.js'));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^3 \[ 2, 1, 4, 1 \] .*first/);
  });

  it('run: the default model and the networks of perception load', () => {
    const { status, stderr } = node(folder.path, join(place, 'example_2.js'));
    assert.equal(status, 0, stderr);
  });

  it("run: dlib's landmarks in a box", { skip: shapePredictorMissing }, () => {
    const index = examples.findIndex((code) => code.includes('landmarksInBoxes'));
    const { status, stdout, stderr } = node(folder.path, join(place, `example_${index}.js`));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '136\n');
  });
});

describe('the Python examples in the documentation', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  const examples = codeBlocks('python');
  const python = (index: number, cwd: string) => {
    const { status, stdout, stderr } = spawnSync(pyTorchPython()!, ['-c', examples[index]!.code], {
      cwd,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  it('load the default model', () => {
    assert.equal(examples.length, 3);
    assert.match(python(1, root), /^\['Angry', .*'Neutral'\] \[.*\] torch\.Size/);
  });

  it('run the default model as .onnx', { skip: !hasPythonModule('onnxruntime') && NO_ONNX }, async () => {
    const model = await readNetworkModel(join(root, 'models'), 'expressions');
    const bytes = await exportedGraphBytes(model.state, model.params, { constantFolding: true });
    writeFileSync(join(folder.path, 'optimized.onnx'), bytes);
    assert.match(python(2, folder.path), /^\['Angry', .*'Neutral'\] \(3, 8\)/);
  });

  it('read prepared samples', async () => {
    const sample = { name: 'anna/Happy/first', data: new Float32Array(2 * 5 * 51), label: 0 };
    await writePreparedPart(join(folder.path, 'folds'), partNames('train', 0), [sample], [2, 5, 51, 1]);
    assert.equal(python(0, folder.path), '(1, 2, 5, 51, 1) anna/Happy/first 0\n');
  });
});
