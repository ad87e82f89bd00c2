import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fromStateDict, toStateDict } from '../../../src/learner/checkpoint/network_state_dict.js';
import { pyTorchFileBytes, readPyTorchFile } from '../../../src/learner/checkpoint/pytorch_file.js';
import { NetworkSession } from '../../../src/learner/inference/network_session.js';
import type { NetworkState } from '../../../src/learner/network/network_state.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { TrainingSession } from '../../../src/learner/training/training_session.js';
import { normalValues, relativeDifference, smallShape, trainedLookingNetwork } from '../../support/networks.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../../support/pytorch.js';

const session = { device: 'cpu', threads: 1 } as const;
const untold = { blockSize: 3, dropoutRate: 0.2 };
const samples = 3;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
});
after(() => rmSync(folder, { recursive: true }));

const networks = [
  { name: 'channels that grow, shrink and stay', shape: smallShape({ topology: [2, 1, 1, 3] }), frames: 5 },
  { name: 'strided layers', shape: smallShape({ topology: [1, 1, 1, 1, 1, 2, 2, 2], blockSize: 2 }), frames: 19 },
  { name: 'two faces a sample', shape: smallShape({ numPerson: 2 }), frames: 4 },
];

async function logitsOf(state: NetworkState, frames: number, data: Float32Array): Promise<Float32Array> {
  const network = new NetworkSession(state, frames, 'stored', session);
  const logits = await network.logits(data, samples);
  await network.release();
  return logits;
}

describe('a .pt file', () => {
  it('gives back every bit of the network that was written', async () => {
    const state = trainedLookingNetwork(smallShape(), 3);
    const bytes = Buffer.from(pyTorchFileBytes(toStateDict(state), 'model'));
    const back = fromStateDict(await readPyTorchFile(bytes, 'the test'), untold, 'the test');
    assert.deepEqual(back.layout.shape, state.layout.shape);
    assert.deepEqual(back.parameters, state.parameters);
    assert.deepEqual(back.statistics, state.statistics);
    assert.equal(back.batchesTracked, state.batchesTracked);
  });

  it("reads keys as the paper's code and DataParallel write them", async () => {
    const state = trainedLookingNetwork(smallShape(), 3);
    const renamed = new Map(
      [...toStateDict(state)].map(([key, value]) => [`module.${key.replace('rand_graph', 'graph_attn')}`, value]),
    );
    assert.deepEqual(fromStateDict(renamed, untold, 'the test').parameters, state.parameters);
  });

  it('with a key missing, left over or of another shape is refused by the key', () => {
    const stateDict = toStateDict(trainedLookingNetwork(smallShape(), 3));
    const changed = (change: (copy: typeof stateDict) => void) => {
      const copy = new Map(stateDict);
      change(copy);
      return () => fromStateDict(copy, untold, 'x.pt');
    };
    assert.throws(
      changed((copy) => copy.delete('layers.l1.tcn.bn.running_var')),
      /layers\.l1\.tcn\.bn\.running_var.*missing/,
    );
    assert.throws(
      changed((copy) => copy.set('extra.weight', { dims: [1], values: new Float32Array(1) })),
      /extra\.weight/,
    );
    assert.throws(
      changed((copy) => copy.set('fc.weight', { dims: [2, 2], values: new Float32Array(4) })),
      /fc\.weight.*\[2,2\]/,
    );
  });
});

describe('PyTorch and this package', { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  for (const { name, shape, frames } of networks) {
    const data = normalValues(samples * shape.inChannels * frames * shape.numPoint * shape.numPerson, 4);
    const file = (suffix: string) => join(folder, `${name.replaceAll(' ', '_')}${suffix}`);

    it(`answer alike from a checkpoint written here: ${name}`, async () => {
      const state = trainedLookingNetwork(shape, 6);
      writeFileSync(file('.pt'), pyTorchFileBytes(toStateDict(state), 'model'));
      writeFileSync(file('.json'), JSON.stringify({ shape, frames, data: [...data] }));
      const { logits } = runPyTorch<{ logits: number[] }>('learner/checkpoint/pytorch_network.py', [
        'load',
        file('.pt'),
        file('.json'),
      ]);
      assert.ok(relativeDifference(await logitsOf(state, frames, data), logits) < 1e-4);
    });

    it(`answer alike from a checkpoint of PyTorch's: ${name}`, async () => {
      writeFileSync(file('.json'), JSON.stringify({ shape, frames, data: [...data] }));
      const { logits } = runPyTorch<{ logits: number[] }>('learner/checkpoint/pytorch_network.py', [
        'save',
        file('_py.pt'),
        file('.json'),
      ]);
      const state = fromStateDict(await readPyTorchFile(readFileSync(file('_py.pt')), 'the test'), shape, 'the test');
      assert.ok(relativeDifference(await logitsOf(state, frames, data), logits) < 1e-4);
    });
  }

  for (const optimizer of ['sgd', 'adam'] as const) {
    it(`train alike with ${optimizer}: losses, statistics and logits after ten steps`, async () => {
      const shape = smallShape({ topology: [2, 1, 1, 3], dropoutRate: 0 });
      const frames = 5;
      const state = trainedLookingNetwork(shape, 6);
      const data = normalValues(samples * shape.inChannels * frames * shape.numPoint, 4);
      const lr = optimizer === 'sgd' ? 0.02 : 0.002;
      const labels = [0, 3, 1];
      writeFileSync(join(folder, 'train.pt'), pyTorchFileBytes(toStateDict(state), 'model'));
      const setting = { shape, frames, data: [...data], labels, lr, weightDecay: 0.01, optimizer, steps: 10 };
      writeFileSync(join(folder, 'train.json'), JSON.stringify(setting));
      const theirs = runPyTorch<{ losses: number[]; logits: number[]; batches_tracked: number }>(
        'learner/checkpoint/pytorch_network.py',
        ['train', join(folder, 'train.pt'), join(folder, 'train.json')],
      );
      const training = await TrainingSession.open(
        state,
        frames,
        { name: optimizer, nesterov: true, momentum: 0.9, weightDecay: 0.01 },
        session,
      );
      const targets = new Float32Array(samples * shape.numClass);
      labels.forEach((label, n) => {
        targets[n * shape.numClass + label] = 1;
      });
      const losses: number[] = [];
      for (let step = 0; step < 10; step++) {
        const batch = { data, targets, sampleWeights: new Float32Array(samples).fill(1 / samples), count: samples };
        losses.push((await training.step(batch, lr, new SeededRandom(1))).loss);
      }
      await training.release();
      assert.ok(relativeDifference(losses, theirs.losses) < 1e-3, `${losses} and ${theirs.losses}`);
      assert.ok(relativeDifference(await logitsOf(state, frames, data), theirs.logits) < 5e-3);
      assert.equal(state.batchesTracked, theirs.batches_tracked);
    });
  }
});
