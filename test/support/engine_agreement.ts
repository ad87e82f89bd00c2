import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Engine, Optimizer } from '../../src/learner/engine/engine.js';
import { openEngine } from '../../src/learner/engine/open_engine.js';
import { TensorFlowEngine } from '../../src/learner/engine/tensorflow_engine.js';
import type { NetworkShape } from '../../src/learner/network/network_shape.js';
import { SeededRandom } from '../../src/learner/random/seeded_random.js';
import { loadTensorFlow } from '../../src/learner/tensorflow/load_tensorflow.js';
import { trainingBatch } from './batches.js';
import { relativeDifference, smallShape, trainedLookingNetwork } from './networks.js';

interface Case {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly frames: number;
}

const cases: Case[] = [
  { name: 'one layer', shape: smallShape({ topology: [1] }), frames: 5 },
  { name: 'channels that grow, shrink and stay', shape: smallShape({ topology: [2, 1, 1, 3] }), frames: 5 },
  { name: 'strided layers over few frames', shape: smallShape({ topology: [1, 1, 2, 2, 1], blockSize: 2 }), frames: 6 },
  {
    name: 'strided layers over many frames',
    shape: smallShape({ topology: [1, 1, 1, 1, 1, 2, 2, 2], blockSize: 2 }),
    frames: 19,
  },
  { name: 'two faces a sample', shape: smallShape({ numPerson: 2 }), frames: 4 },
  { name: 'no dropout', shape: smallShape({ dropoutRate: 0 }), frames: 4 },
  { name: 'several outputs for a class', shape: smallShape({ classOfOutput: [0, 1, 2, 3, 1, 3] }), frames: 4 },
];

const sgd: Optimizer = { name: 'sgd', nesterov: true, momentum: 0.9, weightDecay: 1e-4 };
const plainSgd: Optimizer = { name: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 0 };
// A bias before a batch normalization has no gradient but rounding errors, which Adam would blow up to whole steps: this
// decay drowns them.
const adam: Optimizer = { name: 'adam', nesterov: false, momentum: 0, weightDecay: 0.1 };
const samples = 6;

/**
 * Tests that the engine tensorflow, on the packages found from `places`, does as the engine onnxruntime does: values,
 * gradients and ten training steps.
 *
 * @param packageName the TensorFlow.js that is expected there
 */
export function testAgreement(packageName: string, places: readonly string[]): void {
  describe(`the engines onnxruntime and tensorflow on ${packageName} agree`, () => {
    let onnx: Engine;
    let tensorFlow: TensorFlowEngine;

    before(async () => {
      onnx = await openEngine({ engine: 'onnxruntime', device: 'cpu', threads: 1 }, 'the test');
      const runtime = await loadTensorFlow('cpu', 1, 'the test', places);
      assert.equal(runtime.packageName, packageName);
      tensorFlow = new TensorFlowEngine(runtime);
    });
    let tensors = 0;
    before(() => {
      tensors = tensorFlow.tensorCount();
    });
    after(() => assert.equal(tensorFlow.tensorCount(), tensors, 'tensors were left behind'));

    for (const { name, shape, frames } of cases) {
      const batch = trainingBatch(shape, frames, samples, 3);

      it(`in the values of ${name}, without and with dropout`, async () => {
        const state = trainedLookingNetwork(shape, 5);
        for (const [repeats, weights] of [
          [0, 'stored'],
          [7, 'stored'],
          [3, 'fed'],
        ] as const) {
          const answers = [];
          for (const engine of [onnx, tensorFlow]) {
            const passes = await engine.openInference(state, frames, weights);
            answers.push(await passes.passes(batch.data, batch.count, repeats, new SeededRandom(4)));
            await passes.release();
          }
          const [expected, actual] = answers;
          assert.equal(actual!.length, Math.max(1, repeats) * batch.count * shape.numClass);
          const difference = relativeDifference(actual!, expected!);
          assert.ok(difference < 1e-4, `${repeats} repeats: ${difference}`);
        }
      });

      it(`in the gradients of ${name}, tensor by tensor`, async () => {
        // With momentum and no decay, the momentum buffer after the first step is the gradient.
        const [expected, actual] = await Promise.all(
          [onnx, tensorFlow].map(async (engine) => {
            const training = await engine.openTraining(trainedLookingNetwork(shape, 5), frames, plainSgd);
            await training.step(batch, 0.01, new SeededRandom(8));
            await training.release();
            return training.optimizerState().vectors.momentum_buffer!;
          }),
        );
        const scale = Math.max(...expected!.map(Math.abs));
        for (const { name: parameter, offset, length } of trainedLookingNetwork(shape, 5).layout.parameters) {
          const part = expected!.subarray(offset, offset + length);
          const difference = Math.max(...part.map((value, i) => Math.abs(value - actual![offset + i]!)));
          const tolerance = 2e-4 * Math.max(...part.map(Math.abs)) + 2e-6 * scale;
          assert.ok(difference < tolerance, `${parameter} differs by ${difference}`);
        }
      });

      for (const [optimizer, learningRate] of [
        [sgd, 0.02],
        [adam, 0.002],
      ] as const) {
        it(`in ten training steps of ${name} with ${optimizer.name}`, async () => {
          const runs = [];
          for (const engine of [onnx, tensorFlow]) {
            const training = await engine.openTraining(trainedLookingNetwork(shape, 5), frames, optimizer);
            const random = new SeededRandom(8);
            const losses = [];
            for (let step = 0; step < 10; step++) losses.push((await training.step(batch, learningRate, random)).loss);
            await training.release();
            runs.push({ losses, state: training.state, optimizer: training.optimizerState() });
          }
          const [expected, actual] = runs;
          const start = trainedLookingNetwork(shape, 5).parameters;
          assert.ok(relativeDifference(expected!.state.parameters, start) > 1e-3, 'nothing was learned');
          assert.ok(relativeDifference(actual!.losses, expected!.losses) < 1e-3, `${actual!.losses}`);
          for (const vector of ['parameters', 'statistics'] as const) {
            const difference = relativeDifference(actual!.state[vector], expected!.state[vector]);
            assert.ok(difference < 1e-3, `${vector} differ by ${difference}`);
          }
          assert.equal(actual!.state.batchesTracked, expected!.state.batchesTracked);
          assert.equal(actual!.optimizer.steps, 10);
          assert.deepEqual(Object.keys(actual!.optimizer.vectors), Object.keys(expected!.optimizer.vectors));
        });
      }
    }

    it('in Monte Carlo passes that are split into runs', async () => {
      // Masks for 6 samples of 40 points in 30 frames: runs of some hundred repeats, in parts of some dozen.
      const shape = smallShape({ topology: [1], numPoint: 40, inChannels: 2 });
      const frames = 30;
      const state = trainedLookingNetwork(shape, 5);
      const batch = trainingBatch(shape, frames, samples, 3);
      const answers = [];
      for (const engine of [onnx, tensorFlow]) {
        const passes = await engine.openInference(state, frames, 'stored');
        answers.push(await passes.passes(batch.data, batch.count, 1300, new SeededRandom(4)));
        await passes.release();
      }
      assert.ok(relativeDifference(answers[1]!, answers[0]!) < 1e-4);
    });

    it('goes on exactly from an optimizer state', async () => {
      const { shape, frames } = cases[0]!;
      const batch = trainingBatch(shape, frames, samples, 3);
      for (const optimizer of [sgd, adam]) {
        const whole = await tensorFlow.openTraining(trainedLookingNetwork(shape, 5), frames, optimizer);
        for (let step = 0; step < 4; step++) await whole.step(batch, 0.01, new SeededRandom(step));
        const first = await tensorFlow.openTraining(trainedLookingNetwork(shape, 5), frames, optimizer);
        for (let step = 0; step < 2; step++) await first.step(batch, 0.01, new SeededRandom(step));
        const second = await tensorFlow.openTraining(first.state, frames, optimizer, first.optimizerState());
        for (let step = 2; step < 4; step++) await second.step(batch, 0.01, new SeededRandom(step));
        assert.deepEqual(second.state.parameters, whole.state.parameters);
        assert.deepEqual(second.optimizerState(), whole.optimizerState());
      }
    });

    it('without a tensor left behind', async () => {
      const { shape, frames } = cases[1]!;
      const batch = trainingBatch(shape, frames, samples, 3);
      const training = await tensorFlow.openTraining(trainedLookingNetwork(shape, 5), frames, sgd);
      const passes = await tensorFlow.openInference(training.state, frames, 'fed');
      const counts = new Set<number>();
      for (let step = 0; step < 3; step++) {
        await training.step(batch, 0.01, new SeededRandom(step));
        counts.add(tensorFlow.tensorCount());
        await passes.passes(batch.data, batch.count, 3, new SeededRandom(step));
        counts.add(tensorFlow.tensorCount());
      }
      assert.deepEqual([...counts], [tensors]);
    });
  });
}
