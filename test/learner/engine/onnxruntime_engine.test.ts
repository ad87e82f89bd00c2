import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import type { Engine, Optimizer } from '../../../src/learner/engine/engine.js';
import { openEngine } from '../../../src/learner/engine/open_engine.js';
import { initialiseNetwork } from '../../../src/learner/network/network_state.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { trainingBatch } from '../../support/batches.js';
import { smallShape } from '../../support/networks.js';

const shape = smallShape();
const frames = 4;
const batch = trainingBatch(shape, frames, 6, 3);
const optimizers: Optimizer[] = [
  { name: 'sgd', nesterov: true, momentum: 0.9, weightDecay: 1e-4 },
  { name: 'adam', nesterov: false, momentum: 0, weightDecay: 1e-4 },
];
const open = (device: 'cpu' | 'auto' = 'cpu'): Promise<Engine> =>
  openEngine({ engine: 'onnxruntime', device, threads: 1 }, 'the test');

describe('the engine onnxruntime', () => {
  it('says its version, its device and its threads', async () => {
    assert.match((await open()).describe(), /^onnxruntime \d+\.\d+\.\d+ on cpu, 1 thread$/);
  });

  it('says what auto chose', async () => {
    assert.match(
      (await open('auto')).describe(),
      /^onnxruntime \d+\.\d+\.\d+ on (cpu|cuda) \(chosen by auto\), 1 thread$/,
    );
  });

  for (const optimizer of optimizers) {
    it(`goes on exactly from an optimizer's state: ${optimizer.name}`, async () => {
      const engine = await open();
      const whole = await engine.openTraining(initialiseNetwork(shape, 1), frames, optimizer);
      for (let step = 0; step < 6; step++) await whole.step(batch, 0.01, new SeededRandom(step));
      await whole.release();

      const first = await engine.openTraining(initialiseNetwork(shape, 1), frames, optimizer);
      for (let step = 0; step < 3; step++) await first.step(batch, 0.01, new SeededRandom(step));
      const kept = structuredClone({ state: first.state.parameters, optimizer: first.optimizerState() });
      const handedOut = first.optimizerState();
      await first.step(batch, 0.01, new SeededRandom(99));
      assert.deepEqual(handedOut, kept.optimizer, 'what was handed out changed with a later step');
      await first.release();

      const state = initialiseNetwork(shape, 1);
      state.parameters.set(kept.state);
      assert.equal(kept.optimizer.steps, 3);
      const second = await engine.openTraining(state, frames, optimizer, kept.optimizer);
      for (let step = 3; step < 6; step++) await second.step(batch, 0.01, new SeededRandom(step));
      await second.release();
      assert.deepEqual(state.parameters, whole.state.parameters);
      assert.deepEqual(second.optimizerState(), whole.optimizerState());
    });
  }

  it("refuses another optimizer's or another network's state", async () => {
    const engine = await open();
    const state = initialiseNetwork(shape, 1);
    const [sgd, adam] = optimizers;
    const length = state.parameters.length;
    const refused = async (optimizer: Optimizer, vectors: Record<string, Float32Array>, message: RegExp) =>
      assert.rejects(engine.openTraining(state, frames, optimizer, { steps: 1, vectors }), (error: unknown) => {
        assert.ok(error instanceof InvalidInputError);
        assert.match(error.message, message);
        return true;
      });
    await refused(adam!, { momentum_buffer: new Float32Array(length) }, /"momentum_buffer".*exp_avg, exp_avg_sq/);
    await refused(adam!, { exp_avg: new Float32Array(length) }, /exp_avg_sq is missing/);
    await refused(
      sgd!,
      { momentum_buffer: new Float32Array(3) },
      new RegExp(`momentum_buffer is 3, expected ${length}`),
    );
  });

  it('applies a network that is being trained as it is at that moment', async () => {
    const engine = await open();
    const state = initialiseNetwork(shape, 1);
    const passes = await engine.openInference(state, frames, 'fed');
    const answer = () => passes.passes(batch.data, batch.count, 0, new SeededRandom(1));
    const before = await answer();
    const training = await engine.openTraining(state, frames, optimizers[0]!);
    await training.step(batch, 0.1, new SeededRandom(1));
    assert.notDeepEqual(await answer(), before);
    await training.release();
    await passes.release();
  });
});
