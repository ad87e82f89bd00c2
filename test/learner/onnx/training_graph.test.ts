import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { NetworkShape } from '../../../src/learner/network/network_shape.js';
import type { NetworkState } from '../../../src/learner/network/network_state.js';
import { pstbln } from '../../../src/learner/network/pstbln.js';
import { drawDropoutMasks } from '../../../src/learner/onnx/dropout_masks.js';
import { floatResult, floatTensor, openSession, type Session } from '../../../src/learner/onnx/session.js';
import { buildTrainingGraph, type TrainingGraph } from '../../../src/learner/onnx/training_graph.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { parameterTensors, tensorFlowOperations } from '../../../src/learner/tensorflow/tensorflow_operations.js';
import { normalValues, relativeDifference, smallShape, trainedLookingNetwork } from '../../support/networks.js';

interface Case {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly frames: number;
}

const cases: Case[] = [
  { name: 'channels that grow, shrink and stay', shape: smallShape({ topology: [2, 1, 1, 3] }), frames: 5 },
  {
    name: 'strided layers over many frames',
    shape: smallShape({ topology: [1, 1, 1, 1, 1, 2, 2, 2], blockSize: 2 }),
    frames: 19,
  },
  { name: 'strided layers over few frames', shape: smallShape({ topology: [1, 1, 2, 2, 1], blockSize: 2 }), frames: 6 },
  { name: 'two faces a sample', shape: smallShape({ numPerson: 2 }), frames: 4 },
  { name: 'one layer', shape: smallShape({ topology: [1] }), frames: 5 },
];

const samples = 3;

for (const { name, shape, frames } of cases) {
  describe(`the training step's gradients: ${name}`, () => {
    const state = trainedLookingNetwork(shape, 5);
    const data = normalValues(samples * shape.inChannels * frames * shape.numPoint * shape.numPerson, 1);
    const targets = new Float32Array(samples * shape.numClass).fill(0.1 / (shape.numClass - 1));
    for (let n = 0; n < samples; n++) targets[n * shape.numClass + (n % shape.numClass)] = 0.9;
    const sampleWeights = Float32Array.of(0.5, 0.2, 0.3);
    let graph: TrainingGraph;
    let session: Session;

    before(async () => {
      await tf.setBackend('cpu');
      graph = buildTrainingGraph(shape, frames, null);
      session = await openSession(graph.bytes, { device: 'cpu', threads: 1 }, 'the test');
    });

    /** Loss, logits and gradients by the ONNX graph; the masks follow from their seed. */
    async function run(parameters: Float32Array) {
      const results = await session.run({
        ...drawDropoutMasks(graph.masks, shape.numPoint, samples * shape.numPerson, new SeededRandom(9)),
        data: floatTensor(data, [samples, shape.inChannels, frames, shape.numPoint, shape.numPerson]),
        targets: floatTensor(targets, [samples, shape.numClass]),
        sample_weights: floatTensor(sampleWeights, [samples]),
        parameters: floatTensor(parameters, [parameters.length]),
        statistics: floatTensor(state.statistics, [state.statistics.length]),
      });
      return {
        loss: floatResult(results, 'loss')[0]!,
        logits: floatResult(results, 'logits'),
        gradients: floatResult(results, 'gradients'),
      };
    }

    it("equal TensorFlow.js's autodiff, tensor by tensor", async () => {
      const onnx = await run(state.parameters);
      const tensorFlow = tensorFlowGradients(state, data, targets, sampleWeights, graph, frames);
      assert.ok(relativeDifference(onnx.logits, tensorFlow.logits) < 1e-4);
      assert.ok(Math.abs(onnx.loss - tensorFlow.loss) < 1e-4 * Math.abs(tensorFlow.loss));
      const scale = Math.max(...onnx.gradients.map(Math.abs));
      for (const { name: parameter, offset, length } of state.layout.parameters) {
        const actual = onnx.gradients.subarray(offset, offset + length);
        const expected = tensorFlow.gradients.get(parameter)!;
        const difference = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
        assert.ok(
          difference < 2e-4 * Math.max(...expected.map(Math.abs)) + 2e-6 * scale,
          `${parameter} differs by ${difference}`,
        );
      }
    });

    it('equal finite differences along random directions', async () => {
      const { gradients } = await run(state.parameters);
      for (let direction = 0; direction < 3; direction++) {
        const along = normalValues(gradients.length, 40 + direction);
        const norm = Math.hypot(...along);
        const step = 2e-3;
        const moved = (sign: number) => state.parameters.map((value, i) => value + (sign * step * along[i]!) / norm);
        const slope = ((await run(moved(1))).loss - (await run(moved(-1))).loss) / (2 * step);
        const expected = gradients.reduce((sum, gradient, i) => sum + (gradient * along[i]!) / norm, 0);
        const tolerance = 0.02 * Math.hypot(...gradients) + 1e-3;
        assert.ok(
          Math.abs(slope - expected) < tolerance,
          `slope ${slope}, gradient ${expected}, tolerance ${tolerance}`,
        );
      }
    });
  });
}

function tensorFlowGradients(
  state: NetworkState,
  data: Float32Array,
  targets: Float32Array,
  sampleWeights: Float32Array,
  graph: TrainingGraph,
  frames: number,
) {
  const { shape } = state.layout;
  const keep = drawDropoutMasks(graph.masks, shape.numPoint, samples * shape.numPerson, new SeededRandom(9));
  let answer = { loss: 0, logits: new Float32Array(), gradients: new Map<string, Float32Array>() };
  tf.tidy(() => {
    const masks = graph.masks.map(({ name }) => {
      const mask = keep[name]!;
      return tf.tensor4d(mask.data as Uint8Array, mask.dims as [number, number, number, number], 'float32');
    });
    const names = state.layout.parameters.map((entry) => entry.name);
    const initial = parameterTensors(tf, state);
    const input = tf.tensor5d(data, [samples, shape.inChannels, frames, shape.numPoint, shape.numPerson]);
    let logits = new Float32Array();
    const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
      const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
      const operations = tensorFlowOperations({ tf, state, parameters, data: input, batchStatistics: true, masks });
      const result = pstbln(operations, shape);
      logits = result.dataSync() as Float32Array<ArrayBuffer>;
      const perSample = tf
        .logSoftmax(result)
        .mul(tf.tensor2d(targets, [samples, shape.numClass]))
        .sum(1)
        .neg();
      return perSample.mul(tf.tensor1d(sampleWeights)).sum();
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => initial[name]!));
    const gradients = new Map(names.map((name, i) => [name, grads[i]!.dataSync() as Float32Array]));
    answer = { loss: value.dataSync()[0]!, logits, gradients };
  });
  return answer;
}
