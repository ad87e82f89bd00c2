import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { npyBytes } from '../../src/datasets/npy.js';
import { DRAWN_EXPRESSIONS, writeDrawnTree } from '../support/faces.js';
import { temporaryFolder } from '../support/folders.js';
import { normalValues } from '../support/networks.js';

const folder = temporaryFolder();
const command = fileURLToPath(new URL('../../src/cli/pstbln.js', import.meta.url));

function pstbln(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    cwd: folder.path,
  });
  return { status, stdout, stderr };
}

const recipe = `
name: drawn
output: models
landmarks: tree
dataset_name: drawn
neutral_share: 0.3
window:
  ages_seconds: [1, 0.07, 0.03, 0]
  sequence_frames: [0, -3, -2, -1]
augmentation: { jitter: 0.005 }
network: { topology: [1], block_size: 5 }
training: { epochs: 40, batch_size: 32, lr_schedule: cosine, weight_decay: 0.01 }
validation_folds: 3
`;

describe('the pstbln command', () => {
  before(() => {
    writeDrawnTree(join(folder.path, 'tree'), 24, 1);
    writeDrawnTree(join(folder.path, 'others'), 12, 2);
    writeFileSync(join(folder.path, 'recipe.yaml'), recipe);
    const { status, stderr } = pstbln('train', '--recipe', 'recipe.yaml');
    assert.equal(status, 0, stderr);
  });

  it('trains a model with its metadata and a model card', () => {
    for (const ending of ['pt', 'json', 'md'])
      assert.ok(existsSync(join(folder.path, 'models', `drawn.${ending}`)), ending);
    const card = readFileSync(join(folder.path, 'models', 'drawn.md'), 'utf8');
    assert.match(card, /72 drawn sequences of 24 subjects/);
    assert.match(card, /\| Happy \|/);
    const { inference_params: params } = JSON.parse(readFileSync(join(folder.path, 'models', 'drawn.json'), 'utf8'));
    assert.deepEqual(params.classes, ['Happy', 'Sad', 'Surprise', 'Neutral']);
    assert.equal(params.num_frames, 3);
    assert.ok(params.temperature > 0);
  });

  it('evaluates it on subjects that it has not seen, the same each time', () => {
    const run = () => pstbln('evaluate', '--landmarks', 'others', '--model', 'models/drawn', '--json').stdout;
    const report = JSON.parse(run());
    assert.ok(report.accuracy > 0.9, `${report.accuracy}`);
    assert.ok(report.mean_recall > 0.9);
    assert.deepEqual(report.classes, ['Happy', 'Sad', 'Surprise', 'Neutral']);
    assert.equal(
      report.confusion.flat().reduce((sum: number, count: number) => sum + count, 0),
      36,
    );
    assert.equal(run(), `${JSON.stringify(report)}\n`);
  });

  it('prints a table to people', () => {
    const { stdout } = pstbln('evaluate', '--landmarks', 'others', '--model', 'models/drawn');
    assert.match(stdout, /accuracy 0\.\d+|accuracy 1/);
    assert.match(stdout, /Happy +12/);
  });

  it('cross-validates', () => {
    const { stdout, stderr } = pstbln(
      'cross-validate',
      '--landmarks',
      'tree',
      '--folds',
      '3',
      '--recipe',
      'recipe.yaml',
      '--json',
    );
    const report = JSON.parse(stdout);
    assert.equal(report.samples, 72);
    assert.ok(report.accuracy > 0.85, `${report.accuracy}`);
    assert.equal(report.folds.length, 3);
    assert.match(stderr, /folds done: 3\/3/);
    assert.ok(report.expected_calibration_error < 0.3 && report.brier > 0 && report.nll > 0);
  });

  it('infers samples, with and without dropout', () => {
    const input = join(folder.path, 'x.npy');
    writeFileSync(
      input,
      npyBytes({ dims: [2, 2, 3, 51, 1], values: normalValues(2 * 2 * 3 * 51, 1).map((value) => 0.05 * value) }),
    );
    const infer = (repeats: string) =>
      JSON.parse(
        pstbln('infer', '--model', 'models/drawn', '--input', input, '--mcdo-repeats', repeats, '--json').stdout,
      );
    for (const repeats of ['0', '20']) {
      const list = infer(repeats);
      assert.equal(list.length, 2);
      for (const { mean, std, logits, category, confidence, repeats: drawn } of list) {
        assert.ok(Math.abs(mean.reduce((sum: number, value: number) => sum + value, 0) - 1) < 1e-5);
        assert.ok(Object.keys(DRAWN_EXPRESSIONS).concat('Neutral').includes(category));
        assert.equal(confidence, Math.max(...mean));
        assert.equal(logits.length, 4);
        assert.equal(drawn, Number(repeats));
        assert.equal(Math.max(...std) > 0, repeats !== '0');
      }
    }
    assert.deepEqual(infer('20'), infer('20'));
  });

  const mistakes: [string, string[], RegExp][] = [
    ['a tree that is not there', ['evaluate', '--landmarks', 'nowhere', '--model', 'models/drawn'], /nowhere/],
    ['a model that is not there', ['evaluate', '--landmarks', 'tree', '--model', 'models/none'], /models\/none\.json/],
    ['a recipe that is not there', ['train', '--recipe', 'none.yaml'], /none\.yaml/],
    ['a wrong number', ['cross-validate', '--landmarks', 'tree', '--folds', '1'], /--folds.*whole number, 2 or more/s],
    ['an unknown command', ['teach'], /unknown command 'teach'/],
    ['a missing option', ['infer'], /--input/],
  ];
  for (const [mistake, args, message] of mistakes) {
    it(`says what is wrong with ${mistake}, in a line, and fails`, () => {
      const { status, stderr, stdout } = pstbln(...args);
      assert.notEqual(status, 0);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, '');
    });
  }

  it('names the key of a recipe that is wrong', () => {
    writeFileSync(join(folder.path, 'wrong.yaml'), recipe.replace('topology: [1]', 'topologie: [1]'));
    assert.match(
      pstbln('train', '--recipe', 'wrong.yaml').stderr,
      /unknown option network\.topologie is \[1\].*wrong\.yaml/,
    );
    writeFileSync(join(folder.path, 'wrong.yaml'), recipe.replace('jitter', 'jiter'));
    assert.match(pstbln('train', '--recipe', 'wrong.yaml').stderr, /unknown option augmentation\.jiter.*wrong\.yaml/);
  });

  it('has help with examples', () => {
    for (const name of ['train', 'cross-validate', 'evaluate', 'infer']) {
      const { status, stdout } = pstbln(name, '--help');
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Examples:\\n +pstbln ${name}`));
    }
  });
});
