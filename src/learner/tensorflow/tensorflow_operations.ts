import * as tf from '@tensorflow/tfjs';
import type { NetworkState } from '../network/network_state.js';
import type { NetworkOperations } from '../network/operations.js';
import { GRAPHS, TEMPORAL_KERNEL } from '../network/parameter_layout.js';

/** PyTorch's default. */
const EPSILON = 1e-5;

/** The network's parameters as tensors that TensorFlow.js may differentiate by. */
export type ParameterTensors = Readonly<Record<string, tf.Tensor>>;

/** @returns one tensor for each entry of the layout, in the dims of its state_dict key; the caller disposes them */
export function parameterTensors({ layout, parameters }: NetworkState): Record<string, tf.Tensor> {
  return Object.fromEntries(
    layout.parameters.map(({ name, offset, length, dims }) => [
      name,
      tf.tensor(parameters.slice(offset, offset + length), [...dims]),
    ]),
  );
}

export interface TensorFlowContext {
  readonly state: NetworkState;
  readonly parameters: ParameterTensors;
  /** (N, C, T, V, M). */
  readonly data: tf.Tensor5D;
  /** Whether batch normalization goes by this batch, as in training. */
  readonly batchStatistics: boolean;
  /** Keep masks (C, T, F, V) in the order of the layers, or null for no dropout. */
  readonly masks: readonly tf.Tensor4D[] | null;
}

/**
 * The network's operations in TensorFlow.js, feature maps laid out (F, C, T, V), written as their definitions read:
 * autodiff gives the gradients.
 */
export function tensorFlowOperations(context: TensorFlowContext): NetworkOperations<tf.Tensor4D, tf.Tensor2D> {
  const { parameters, data, masks } = context;
  const { shape } = context.state.layout;
  let nextMask = 0;

  const parameter = (name: string): tf.Tensor => parameters[name]!;

  /** Batch normalization over all axes but 1. */
  const batchNorm = (x: tf.Tensor, name: string): tf.Tensor => {
    const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const dims = x.shape.map((size, axis) => (axis === 1 ? size : 1));
    const { mean, variance } = context.batchStatistics
      ? tf.moments(x, others, true)
      : runningStatistics(context.state, name, dims);
    const weight = parameter(`${name}.weight`).reshape(dims);
    const bias = parameter(`${name}.bias`).reshape(dims);
    return x.sub(mean).div(variance.add(EPSILON).sqrt()).mul(weight).add(bias);
  };

  /** Product of (O, C) with the channels of (F, C, T, V). */
  const channelProduct = (weight: tf.Tensor2D, x: tf.Tensor4D): tf.Tensor4D => {
    const [faces, channels, frames, points] = x.shape;
    const columns = x.transpose([1, 0, 2, 3]).reshape([channels, faces * frames * points]) as tf.Tensor2D;
    const product = tf.matMul(weight, columns).reshape([weight.shape[0], faces, frames, points]);
    return product.transpose([1, 0, 2, 3]) as tf.Tensor4D;
  };

  const withBias = (x: tf.Tensor4D, name: string): tf.Tensor4D => x.add(parameter(name).reshape([1, -1, 1, 1]));

  const everyFrame = (x: tf.Tensor4D, stride: number): tf.Tensor4D =>
    stride === 1 ? x : tf.gather(x, tf.range(0, x.shape[2], stride, 'int32'), 2);

  return {
    normalisedInput(name) {
      const [samples, channels, frames, points, persons] = data.shape;
      const features = data.transpose([0, 4, 3, 1, 2]).reshape([samples, persons * points * channels, frames]);
      const normalised = batchNorm(features, name).reshape([samples, persons, points, channels, frames]);
      return normalised
        .transpose([0, 1, 3, 4, 2])
        .reshape([samples * persons, channels, frames, points]) as tf.Tensor4D;
    },
    dropout(x, rate) {
      if (masks === null) return x;
      const mask = masks[nextMask++]!.transpose([2, 0, 1, 3]);
      return x.mul(mask).div(1 - rate) as tf.Tensor4D;
    },
    bilinear(x, graphs, convolutions) {
      const [faces, channels, frames, points] = x.shape;
      const rows = x.reshape([faces * channels * frames, points]) as tf.Tensor2D;
      const terms = tf.unstack(parameter(graphs)).map((graph, i) => {
        const mapped = tf.matMul(rows, graph as tf.Tensor2D).reshape(x.shape) as tf.Tensor4D;
        const weight = parameter(`${convolutions}.${i}.weight`);
        return withBias(
          channelProduct(weight.reshape([-1, channels]) as tf.Tensor2D, mapped),
          `${convolutions}.${i}.bias`,
        );
      });
      if (terms.length !== GRAPHS) throw new RangeError(`${graphs} has ${terms.length} graphs, expected ${GRAPHS}`);
      return tf.addN(terms);
    },
    pointwiseConv(x, convolution, stride) {
      const weight = parameter(`${convolution}.weight`).reshape([-1, x.shape[1]]) as tf.Tensor2D;
      return withBias(channelProduct(weight, everyFrame(x, stride)), `${convolution}.bias`);
    },
    temporalConv(x, convolution, stride) {
      const padding = (TEMPORAL_KERNEL - 1) / 2;
      const padded = tf.pad(x, [
        [0, 0],
        [0, 0],
        [padding, padding],
        [0, 0],
      ]);
      const frames = Math.floor((x.shape[2] - 1) / stride) + 1;
      const taps = tf.unstack(parameter(`${convolution}.weight`).squeeze([3]), 2);
      const terms = taps.map((tap, k) => {
        const chosen = tf.gather(padded, tf.range(k, k + (frames - 1) * stride + 1, stride, 'int32'), 2);
        return channelProduct(tap as tf.Tensor2D, chosen);
      });
      return withBias(tf.addN(terms), `${convolution}.bias`);
    },
    batchNorm: (x, name) => batchNorm(x, name) as tf.Tensor4D,
    add: (a, b) => a.add(b),
    relu: (x) => tf.relu(x),
    globalMean(x) {
      const perFace = tf.mean(x, [2, 3]);
      return tf.mean(perFace.reshape([-1, shape.numPerson, x.shape[1]]), 1) as tf.Tensor2D;
    },
    dense: (x, linear) =>
      tf.matMul(x, parameter(`${linear}.weight`) as tf.Tensor2D, false, true).add(parameter(`${linear}.bias`)),
  };
}

function runningStatistics(
  state: NetworkState,
  name: string,
  dims: number[],
): { mean: tf.Tensor; variance: tf.Tensor } {
  const { offset, length } = state.layout.statisticsOf(name);
  const values = state.statistics.slice(offset, offset + 2 * length);
  return { mean: tf.tensor(values.slice(0, length), dims), variance: tf.tensor(values.slice(length), dims) };
}
