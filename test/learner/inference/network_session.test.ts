import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { NetworkSession } from '../../../src/learner/inference/network_session.js';
import type { NetworkState } from '../../../src/learner/network/network_state.js';
import { pstbln } from '../../../src/learner/network/pstbln.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { parameterTensors, tensorFlowOperations } from '../../../src/learner/tensorflow/tensorflow_operations.js';
import { normalValues, relativeDifference, smallShape, trainedLookingNetwork } from '../../support/networks.js';

const cpu = { device: 'cpu', threads: 1 } as const;
const shape = smallShape({ topology: [1, 1, 1, 1, 2, 1], numPerson: 2 });
const frames = 6;
const count = 3;
const classes = shape.numClass;
const data = normalValues(count * shape.inChannels * frames * shape.numPoint * shape.numPerson, 1);

async function withSession<T>(
  state: NetworkState,
  weights: 'stored' | 'fed',
  use: (session: NetworkSession) => Promise<T>,
): Promise<T> {
  const session = new NetworkSession(state, frames, weights, cpu);
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}

describe('a network session', () => {
  const state = trainedLookingNetwork(shape, 2);

  it('answers as TensorFlow.js does', async () => {
    await tf.setBackend('cpu');
    const input = tf.tensor5d(data, [count, shape.inChannels, frames, shape.numPoint, shape.numPerson]);
    const parameters = parameterTensors(tf, state);
    const operations = tensorFlowOperations({
      tf,
      state,
      parameters,
      data: input,
      batchStatistics: false,
      masks: null,
    });
    const expected = pstbln(operations, shape).dataSync();
    const actual = await withSession(state, 'stored', (session) => session.logits(data, count));
    assert.ok(relativeDifference(actual, expected) < 1e-4);
  });

  it('answers alike with weights stored in the graph and fed to it', async () => {
    const stored = await withSession(state, 'stored', (session) => session.logits(data, count));
    const fed = await withSession(state, 'fed', (session) => session.logits(data, count));
    assert.ok(relativeDifference(fed, stored) < 1e-5);
  });

  it('repeats each sample as it is where nothing is dropped', async () => {
    const undropped = trainedLookingNetwork({ ...shape, dropoutRate: 0 }, 2);
    const [once, repeated] = await withSession(undropped, 'stored', async (session) => [
      await session.logits(data, count),
      await session.monteCarloLogits(data, count, 4, new SeededRandom(1)),
    ]);
    for (let repeat = 0; repeat < 4; repeat++) {
      const pass = repeated!.subarray(repeat * count * classes, (repeat + 1) * count * classes);
      assert.ok(relativeDifference(pass, once!) < 1e-4, `repeat ${repeat}`);
    }
  });

  it('draws other masks for every repeat, and the same ones for the same seed', async () => {
    await withSession(state, 'stored', async (session) => {
      const draw = (seed: number) => session.monteCarloLogits(data, count, 5, new SeededRandom(seed));
      const logits = await draw(1);
      assert.notDeepEqual(logits.subarray(0, count * classes), logits.subarray(count * classes, 2 * count * classes));
      assert.deepEqual(await draw(1), logits);
      assert.notDeepEqual(await draw(2), logits);
    });
  });

  it('splits many repeats into runs of bounded size without changing their number or mean', async () => {
    await withSession(state, 'stored', async (session) => {
      const few = await session.monteCarloLogits(data, count, 4000, new SeededRandom(1));
      const many = await session.monteCarloLogits(data, count, 60_000, new SeededRandom(2));
      assert.equal(many.length, 60_000 * count * classes);
      const mean = (logits: Float32Array, index: number) => {
        const repeats = logits.length / (count * classes);
        return Array.from({ length: repeats }, (_, r) => logits[r * count * classes + index]! / repeats).reduce(
          (a, b) => a + b,
          0,
        );
      };
      const scale = few.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      for (let i = 0; i < count * classes; i++) {
        assert.ok(Math.abs(mean(few, i) - mean(many, i)) < 0.03 * scale, `${mean(few, i)} and ${mean(many, i)}`);
      }
    });
  });
});
