import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ExternalDataset } from '../src/datasets/external_dataset.js';
import { readFold, writeFold } from '../src/experiments/fold_files.js';
import { readRecipe } from '../src/experiments/recipe.js';
import type { LearnerOptions } from '../src/learner/options.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../src/learner/progressive_spatio_temporal_bln_learner.js';
import { packageRoot } from '../src/package_root.js';
import { damagedFiles, readDamaged } from './support/damage.js';
import { DIRECTION_CLASSES, DIRECTION_POINTS, directions } from './support/directions.js';
import { writeDrawnTree } from './support/faces.js';
import { temporaryFolder } from './support/folders.js';
import { normalValues } from './support/networks.js';
import { preparedLearner, preparedOptions } from './support/prepared_learner.js';
import { writePreparedSamples } from './support/prepared_samples.js';
import { pstbln } from './support/pstbln_command.js';

const folder = temporaryFolder();
const path = (...names: string[]) => join(folder.path, ...names);
const validation = directions(6, 2);
const OF_EACH_KIND = 6;

const options = (changes: LearnerOptions = {}): LearnerOptions => ({
  topology: [1],
  blockSize: 2,
  numPoint: DIRECTION_POINTS,
  numClass: 3,
  classes: [...DIRECTION_CLASSES],
  epochs: 2,
  batchSize: 10,
  numLayers: 1,
  numBlocks: 2,
  blockThreshold: -1,
  device: 'cpu',
  threads: 1,
  experimentName: 'whole',
  ...changes,
});

/**
 * Damages a file in its place, again and again: what reads it must refuse it by its name, or find what was there.
 *
 * @param sealed whether the format shows that its contents have changed; else only how it fails is looked at
 */
async function damaged<Contents>(file: string, sealed: boolean, read: () => Promise<Contents>): Promise<void> {
  const intact = readFileSync(file);
  const contents = await read();
  try {
    const refused = await readDamaged(
      damagedFiles(intact, 7, OF_EACH_KIND),
      basename(file),
      async (bytes) => {
        writeFileSync(file, bytes);
        return read();
      },
      sealed ? contents : undefined,
    );
    // Not all bytes of a .pt matter: some only align others.
    assert.ok(refused > (sealed ? 0.7 : 0.15), `${(100 * refused).toFixed(0)} % refused`);
  } finally {
    writeFileSync(file, intact);
  }
}

/** What a learner answers, which it then releases. */
async function answersOf(learner: ProgressiveSpatioTemporalBLNLearner): Promise<number[]> {
  const logits = await learner.logits(validation.data, 2, 1);
  await learner.release();
  assert.ok(logits.every(Number.isFinite));
  return [...logits];
}

describe('a damaged file is refused by its name, or read as what it was:', () => {
  before(async () => {
    const learner = new ProgressiveSpatioTemporalBLNLearner(options({ tempPath: path('fit'), checkpointAfterIter: 1 }));
    await learner.fit(directions(20, 1), null, { silent: true });
    await learner.save(path('model'), 'network', false);
    await learner.optimize();
    await learner.save(path('model'), 'optimized', false);
    await learner.release();
    writePreparedSamples(path('data'));
  });

  for (const [name, ending] of [
    ['network', 'pt'],
    ['network', 'json'],
    ['optimized', 'onnx'],
    ['optimized', 'json'],
  ] as const) {
    it(`a model's ${name}.${ending}, by load`, () =>
      damaged(path('model', `${name}.${ending}`), true, async () => {
        const learner = new ProgressiveSpatioTemporalBLNLearner({ device: 'cpu', threads: 1 });
        await learner.load(path('model'), name, false);
        return answersOf(learner);
      }));
  }

  it("a training's checkpoint, by fit", () =>
    damaged(path('fit', 'whole_checkpoints', 'whole-1.training.pt'), true, async () => {
      const resumed = options({ tempPath: path('fit'), checkpointLoadIter: 1, startEpoch: 1 });
      const learner = new ProgressiveSpatioTemporalBLNLearner(resumed);
      const { trainLoss } = await learner.fit(directions(20, 1), null, { silent: true });
      return [...trainLoss, ...(await answersOf(learner))];
    }));

  it("a building's record and the checkpoint that it goes on from, by networkBuilder", async () => {
    const build = async (tempPath: string) => {
      const learner = new ProgressiveSpatioTemporalBLNLearner(options({ tempPath }));
      const topology = await learner.networkBuilder(directions(20, 1), validation, { silent: true });
      return [...topology, ...(await answersOf(learner))];
    };
    await build(path('built'));
    for (const file of ['building.json', 'whole-1-2.pt', 'whole-1-2.json']) {
      await damaged(path('built', 'whole_checkpoints', file), true, () => build(path('built')));
    }
  });

  it("a dataset's .npy and its pickle, by eval", async () => {
    const learner = await preparedLearner(new ExternalDataset(path('data'), 'AFEW'), { epochs: 1 });
    for (const file of ['val.npy', 'val_labels.pkl']) {
      await damaged(path('data', file), false, async () => {
        const { score, accuracy } = await learner.eval(new ExternalDataset(path('data'), 'AFEW'), {
          silent: true,
          monteCarloDropout: false,
        });
        assert.ok(score.every(Number.isFinite) && accuracy >= 0);
      });
    }
    await learner.release();
  });

  it("a fold's answers, when they are gathered", async () => {
    const [classes, topology, candidates] = [['a', 'b'], [1], []];
    const logits = normalValues(3 * 40 * 2, 1);
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const names = Array.from(labels, (_, i) => `tree/${i}`);
    await writeFold(path('folds'), 'plan', {
      fold: 0,
      classes,
      logits,
      labels,
      names,
      groups: null,
      topology,
      candidates,
    });
    for (const file of ['fold-0.json', 'fold-0.npy']) {
      await damaged(path('folds', file), true, () => readFold(path('folds'), 'plan', 0));
    }
  });

  it('a recipe', () => {
    cpSync(join(packageRoot(), 'config', 'ckplus_seven_classes.yaml'), path('recipe.yaml'));
    return damaged(path('recipe.yaml'), false, () => readRecipe(path('recipe.yaml')));
  });
});

describe('pstbln says in one line which file is damaged:', () => {
  const halved = (file: string) => writeFileSync(path(file), readFileSync(path(file)).subarray(0, -40));
  const flipped = (file: string) => {
    const bytes = readFileSync(path(file));
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path(file), bytes);
  };

  before(async () => {
    for (const name of ['data', 'tree', 'temp', 'r', 'm']) rmSync(path(name), { recursive: true, force: true });
    writePreparedSamples(path('data'));
    writeDrawnTree(path('tree'), 2, 1);
    const learner = await preparedLearner(new ExternalDataset(path('data'), 'AFEW'), preparedOptions({ epochs: 1 }));
    await learner.save(path('m'), 'pt', false);
    await learner.save(path('m'), 'json', false);
    await learner.optimize();
    await learner.save(path('m'), 'onnx', false);
    await learner.release();
    mkdirSync(path('cut'));
    cpSync(path('data'), path('cut', 'npy'), { recursive: true });
    cpSync(path('data'), path('cut', 'pkl'), { recursive: true });
    writeFileSync(path('cut.yaml'), 'name: cut\nnetwork: { topology: [1');
    const learn = '--data data --batch-size 21 --epochs 1 --threads 1 --silent';
    for (const line of [
      `train ${learn} --topology 1 --checkpoint-after 1 --name t --output m`,
      `build ${learn} --set building.num_layers=1 --set building.num_blocks=1 --name b --output m`,
    ]) {
      const { status, stderr } = pstbln(folder.path, line);
      assert.equal(status, 0, stderr);
    }
  });

  const training = '--data data --batch-size 21 --threads 1 --silent';
  const cases: [file: string, damage: (file: string) => void, line: string][] = [
    ['m/pt.pt', halved, 'evaluate --data data --model m/pt'],
    ['m/json.json', flipped, 'evaluate --data data --model m/json'],
    ['m/onnx.onnx', flipped, 'infer --input data/val.npy --model m/onnx'],
    ['cut/npy/val.npy', halved, 'evaluate --data cut/npy --model m/t'],
    ['cut/npy/train.npy', halved, 'infer --input cut/npy/train.npy --model m/t'],
    ['cut/pkl/train_labels.pkl', halved, 'train --data cut/pkl --topology 1 --epochs 1'],
    ['temp/t_checkpoints/t-1.training.pt', halved, `train ${training} --epochs 2 --topology 1 --name t --resume`],
    [
      'temp/b_checkpoints/building.json',
      flipped,
      `build ${training} --epochs 1 --set building.num_layers=1 --set building.num_blocks=1 --name b`,
    ],
    ['cut.yaml', () => undefined, 'train --recipe cut.yaml --data data'],
    ['tree/S000/Happy/001/3.npy', halved, 'cross-validate --landmarks tree --folds 2'],
  ];
  for (const [file, damage, line] of cases) {
    it(file, () => {
      damage(file);
      const { status, stdout, stderr } = pstbln(folder.path, line);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, /^pstbln: .*\n$/);
      assert.ok(stderr.includes(file), stderr);
    });
  }
});
