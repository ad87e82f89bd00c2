import type * as tfjs from '@tensorflow/tfjs';
import type { Optimizer, OptimizerState, TrainingBatch, TrainingStepper } from '../engine/engine.js';
import { startingVectors } from '../engine/optimizer_state.js';
import { type DropoutMaskShape, drawKeepMask, dropoutMaskShapes, type KeepMask } from '../network/dropout_masks.js';
import { outputCount } from '../network/network_shape.js';
import { type NetworkState, STATISTICS_MOMENTUM } from '../network/network_state.js';
import { pstbln } from '../network/pstbln.js';
import type { SeededRandom } from '../random/seeded_random.js';
import { crossEntropy } from './cross_entropy.js';
import { updateParameters } from './optimizer_update.js';
import { parameterTensors, tensorFlowOperations } from './tensorflow_operations.js';
import type { TensorFlowRuntime } from './tensorflow_runtime.js';

/** The loss and what follows from it, of one batch. */
export interface Gradients {
  readonly loss: number;
  /** (N, K). */
  readonly logits: Float32Array;
  /** Flat, as the layout places the parameters. */
  readonly gradients: Float32Array;
  /** Means and unbiased variances of the batch, flat, as the layout places the running ones. */
  readonly statistics: Float32Array;
}

/**
 * Trains a network step by step with TensorFlow.js: forward and gradients there, the update over typed arrays here. A
 * step holds up the event loop, as TensorFlow.js on Node does.
 */
export class TensorFlowTraining implements TrainingStepper {
  private readonly vectors: Record<string, Float32Array>;
  private steps: number;
  private readonly masks: readonly DropoutMaskShape[];

  /**
   * @param state trained in place
   * @param start where the optimizer goes on; left out, it begins anew
   * @throws InvalidInputError where `start` is not of this optimizer and network
   */
  constructor(
    private readonly runtime: TensorFlowRuntime,
    readonly state: NetworkState,
    private readonly frames: number,
    private readonly optimizer: Optimizer,
    start?: OptimizerState,
  ) {
    this.vectors = startingVectors(optimizer.name, state.layout.parameterCount, start);
    this.steps = start?.steps ?? 0;
    this.masks = dropoutMaskShapes(state.layout.shape, frames);
  }

  async step(
    batch: TrainingBatch,
    learningRate: number,
    random: SeededRandom,
  ): Promise<{ loss: number; logits: Float32Array }> {
    const { state, frames } = this;
    const { numPoint, numPerson } = state.layout.shape;
    const masks = this.masks.map((mask) => drawKeepMask(mask, numPoint, batch.count * numPerson, random));
    const { loss, logits, gradients, statistics } = lossGradients(this.runtime, state, frames, batch, masks);
    this.steps++;
    updateParameters(state.parameters, gradients, this.vectors, this.optimizer, learningRate, this.steps);
    for (let i = 0; i < statistics.length; i++) {
      state.statistics[i] = (1 - STATISTICS_MOMENTUM) * state.statistics[i]! + STATISTICS_MOMENTUM * statistics[i]!;
    }
    state.batchesTracked++;
    return { loss, logits };
  }

  optimizerState(): OptimizerState {
    const vectors = Object.entries(this.vectors).map(([name, values]) => [name, values.slice()] as const);
    return { steps: this.steps, vectors: Object.fromEntries(vectors) };
  }

  /** Nothing outlives a step. */
  async release(): Promise<void> {}
}

/**
 * The gradients of the loss of a batch with dropout, by autodiff.
 *
 * @param masks in the order of the layers
 */
export function lossGradients(
  runtime: TensorFlowRuntime,
  state: NetworkState,
  frames: number,
  batch: TrainingBatch,
  masks: readonly KeepMask[],
): Gradients {
  return runtime.tidy((tf) => {
    const { layout } = state;
    const { shape } = layout;
    const { count } = batch;
    const names = layout.parameters.map(({ name }) => name);
    const initial = parameterTensors(tf, state);
    const data = tf.tensor5d(batch.data, [count, shape.inChannels, frames, shape.numPoint, shape.numPerson]);
    const targets = tf.tensor2d(batch.targets, [count, outputCount(shape)]);
    const weights = tf.tensor1d(batch.sampleWeights);
    const maskTensors = masks.map(({ values, dims }) => tf.tensor4d(values, [...dims], 'bool'));
    const statistics = new Float32Array(layout.statisticsCount);
    let logits = new Float32Array();

    const lossOf = (...tensors: tfjs.Tensor[]): tfjs.Scalar => {
      const operations = tensorFlowOperations({
        tf,
        state,
        parameters: Object.fromEntries(names.map((name, i) => [name, tensors[i]!])),
        data,
        batchStatistics: true,
        masks: maskTensors,
        keepBatchStatistics(name, mean, variance, elements) {
          const { offset, length } = layout.statisticsOf(name);
          statistics.set(mean, offset);
          const bessel = elements / (elements - 1);
          statistics.set(
            variance.map((value) => value * bessel),
            offset + length,
          );
        },
      });
      const result = pstbln(operations, shape);
      logits = Float32Array.from(result.dataSync());
      return crossEntropy(tf, result, targets, weights);
    };

    const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => initial[name]!));
    const gradients = new Float32Array(layout.parameterCount);
    layout.parameters.forEach(({ offset }, i) => {
      gradients.set(grads[i]!.dataSync(), offset);
    });
    return { loss: value.dataSync()[0]!, logits, gradients, statistics };
  });
}
