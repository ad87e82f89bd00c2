import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { toStateDict } from '../../../src/learner/checkpoint/network_state_dict.js';
import { pyTorchFileBytes, readPyTorchFile } from '../../../src/learner/checkpoint/pytorch_file.js';
import {
  readTrainingCheckpoint,
  type TrainingCheckpoint,
  writeTrainingCheckpoint,
} from '../../../src/learner/checkpoint/training_checkpoint.js';
import type { NetworkShape } from '../../../src/learner/network/network_shape.js';
import { OPTIMIZER_STATE, type OptimizerName } from '../../../src/learner/onnx/optimizers.js';
import { damagedFiles, readDamaged } from '../../support/damage.js';
import { temporaryFolder } from '../../support/folders.js';
import { normalValues, smallShape, testParams, trainedLookingNetwork } from '../../support/networks.js';
import { NO_PYTORCH, pyTorchPython, runPyTorch } from '../../support/pytorch.js';

const folder = temporaryFolder();

function checkpointWith(optimizer: OptimizerName | null, shape: NetworkShape = smallShape()): TrainingCheckpoint {
  const state = trainedLookingNetwork(shape, 3);
  const vectors = (name: OptimizerName) =>
    OPTIMIZER_STATE[name].map((vector, i): [string, Float32Array] => [
      vector,
      normalValues(state.parameters.length, 5 + i),
    ]);
  return {
    state,
    params: testParams(shape),
    optimizer: optimizer && { name: optimizer, steps: 41, vectors: Object.fromEntries(vectors(optimizer)) },
    weightAverage: optimizer === 'sgd' ? normalValues(state.parameters.length, 9) : null,
    epoch: 7,
    progress: { losses: [0.1 + 0.2, 1e-30], best: null },
  };
}

describe("a training's checkpoint", () => {
  for (const optimizer of ['sgd', 'adam', null] as const) {
    it(`gives back every bit: ${optimizer ?? 'no optimizer'}`, async () => {
      const path = join(folder.path, `${optimizer}.pt`);
      const checkpoint = checkpointWith(optimizer);
      await writeTrainingCheckpoint(path, checkpoint);
      const { state, ...rest } = await readTrainingCheckpoint(path);
      const { state: expected, ...expectedRest } = checkpoint;
      assert.deepEqual(rest, expectedRest);
      assert.deepEqual(state.layout.shape, expected.layout.shape);
      assert.deepEqual(state.parameters, expected.parameters);
      assert.deepEqual(state.statistics, expected.statistics);
      assert.equal(state.batchesTracked, expected.batchesTracked);
    });
  }

  it('is a model, too: its weights are read as those of a .pt', async () => {
    const path = join(folder.path, 'weights.pt');
    const checkpoint = checkpointWith('sgd');
    await writeTrainingCheckpoint(path, checkpoint);
    assert.deepEqual(await readPyTorchFile(readFileSync(path), path), toStateDict(checkpoint.state));
  });

  it('that is damaged is refused by name', async () => {
    const path = join(folder.path, 'intact.pt');
    await writeTrainingCheckpoint(path, checkpointWith('adam', smallShape({ topology: [1], blockSize: 2 })));
    const damaged = join(folder.path, 'damaged.pt');
    const read = (bytes: Buffer) => {
      writeFileSync(damaged, bytes);
      return readTrainingCheckpoint(damaged);
    };
    const bytes = readFileSync(path);
    const refused = await readDamaged(damagedFiles(bytes, 1, 100), damaged, read, await read(bytes));
    assert.ok(refused > 0.5, `${refused} refused`);
  });

  const wrong: [string, RegExp, (checkpoint: TrainingCheckpoint) => Buffer][] = [
    [
      'a state_dict alone',
      /the entry inference_params is missing/,
      ({ state }) => Buffer.from(pyTorchFileBytes(toStateDict(state), 'm')),
    ],
    ['nothing', /no zip archive/, () => Buffer.alloc(0)],
  ];
  for (const [what, message, bytes] of wrong) {
    it(`that is ${what} is refused by name`, async () => {
      const path = join(folder.path, 'wrong.pt');
      writeFileSync(path, bytes(checkpointWith(null)));
      await assert.rejects(
        readTrainingCheckpoint(path),
        (error) => error instanceof InvalidInputError && message.test(error.message) && error.message.includes(path),
      );
    });
  }
});

describe("PyTorch and a training's checkpoint", { skip: pyTorchPython() === null && NO_PYTORCH }, () => {
  it('agree on what is in it', async () => {
    const path = join(folder.path, 'for_pytorch.pt');
    const { state, optimizer, progress, ...rest } = checkpointWith('adam');
    await writeTrainingCheckpoint(path, { state, optimizer, progress, ...rest });
    const read = runPyTorch<Record<string, unknown>>('learner/checkpoint/pytorch_checkpoint.py', [path]);
    assert.deepEqual(read, {
      epoch: 7,
      name: 'adam',
      steps: 41,
      topology: state.layout.shape.topology,
      losses: progress.losses,
      parameters: Array.from(state.parameters),
      exp_avg_sq: Array.from(optimizer!.vectors.exp_avg_sq!),
    });
  });
});
