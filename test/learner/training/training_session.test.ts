import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { initialiseNetwork } from '../../../src/learner/network/network_state.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { TrainingSession } from '../../../src/learner/training/training_session.js';
import { normalValues, smallShape } from '../../support/networks.js';

const shape = smallShape();
const frames = 4;
const count = 6;
const data = normalValues(count * shape.inChannels * frames * shape.numPoint, 3).map((value) => 2 * value + 5);
const targets = Float32Array.from({ length: count * shape.numClass }, (_, i) => (i % shape.numClass === 0 ? 1 : 0));
const batch = { data, targets, sampleWeights: new Float32Array(count).fill(1 / count), count };
const optimizer = { name: 'sgd', nesterov: true, momentum: 0.9, weightDecay: 0 } as const;

describe('a training step', () => {
  it('keeps the batch norm statistics as PyTorch does: 0.9 of the old ones, 0.1 of mean and unbiased variance', async () => {
    const state = initialiseNetwork(shape, 1);
    const training = await TrainingSession.open(state, frames, optimizer, { device: 'cpu', threads: 1 });
    await training.step(batch, 0.1, new SeededRandom(1));
    await training.release();
    assert.equal(state.batchesTracked, 1);
    const { offset, length } = state.layout.statisticsOf('data_bn');
    // Feature 0 of data_bn is x of point 0: over all samples and frames.
    const values = Array.from({ length: count * frames }, (_, i) => {
      const [sample, frame] = [Math.floor(i / frames), i % frames];
      return data[(sample * shape.inChannels * frames + frame) * shape.numPoint]!;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    assert.ok(Math.abs(state.statistics[offset]! - 0.1 * mean) < 1e-5);
    assert.ok(Math.abs(state.statistics[offset + length]! - (0.9 + 0.1 * variance)) < 1e-5);
  });

  it('weighs samples: those of weight 0 teach nothing', async () => {
    const gradientOf = async (sampleWeights: Float32Array, wrongTargets: boolean) => {
      const state = initialiseNetwork(shape, 1);
      const training = await TrainingSession.open(state, frames, optimizer, { device: 'cpu', threads: 1 });
      const changed = targets.slice();
      if (wrongTargets) changed.copyWithin(0, 1, shape.numClass).fill(1, 3, 4);
      await training.step({ ...batch, targets: changed, sampleWeights }, 0.1, new SeededRandom(1));
      await training.release();
      return state.parameters;
    };
    const withoutFirst = Float32Array.of(0, 0.2, 0.2, 0.2, 0.2, 0.2);
    assert.deepEqual(await gradientOf(withoutFirst, true), await gradientOf(withoutFirst, false));
    assert.notDeepEqual(await gradientOf(batch.sampleWeights, true), await gradientOf(batch.sampleWeights, false));
  });
});
