import type * as tfjs from '@tensorflow/tfjs';
import { BATCH_NORM_EPSILON, type NetworkState } from '../network/network_state.js';
import type { NetworkOperations } from '../network/operations.js';
import { GRAPHS, TEMPORAL_KERNEL } from '../network/parameter_layout.js';
import { add, affine, dropout, mappedThenMixed, mixedThenMapped, normaliseByBatch, relu } from './differentiable.js';
import { temporalSelection } from './temporal_selection.js';

/** TensorFlow.js, in whichever package: they all have the API of @tensorflow/tfjs. */
export type TensorFlow = typeof tfjs;

/** Up to this many frames, a temporal convolution is one product with a matrix over channels and frames. */
const MOST_FRAMES_AS_ONE_PRODUCT = TEMPORAL_KERNEL;

/** The network's parameters as tensors that TensorFlow.js may differentiate by. */
export type ParameterTensors = Readonly<Record<string, tfjs.Tensor>>;

/** @returns one tensor for each entry of the layout, in the dims of its state_dict key; the caller disposes them */
export function parameterTensors(tf: TensorFlow, { layout, parameters }: NetworkState): Record<string, tfjs.Tensor> {
  return Object.fromEntries(
    layout.parameters.map(({ name, offset, length, dims }) => [
      name,
      tf.tensor(parameters.slice(offset, offset + length), [...dims]),
    ]),
  );
}

export interface TensorFlowContext {
  readonly tf: TensorFlow;
  readonly state: NetworkState;
  readonly parameters: ParameterTensors;
  /** (N, C, T, V, M). */
  readonly data: tfjs.Tensor5D;
  /** How often every sample is repeated (Monte Carlo dropout), repeats outermost; left out, once. */
  readonly repeats?: number;
  /** Whether batch normalization goes by this batch, as in training. */
  readonly batchStatistics: boolean;
  /** Keep masks (C, T, F, V), bool or 0 and 1, in the order of the layers, or null for no dropout. */
  readonly masks: readonly tfjs.Tensor4D[] | null;
  /** Takes the mean and the biased variance of this batch, each (C), over so many elements. */
  keepBatchStatistics?(batchNorm: string, mean: Float32Array, variance: Float32Array, elements: number): void;
}

/**
 * The network's operations in TensorFlow.js, feature maps laid out (C, T, F, V), so that every product is one on a
 * reshaped view, without a transposition. Autodiff joins the gradients: of what it differentiates itself, every backend has
 * the gradient.
 */
export function tensorFlowOperations(context: TensorFlowContext): NetworkOperations<tfjs.Tensor4D, tfjs.Tensor2D> {
  const { tf, parameters, data, masks, repeats = 1 } = context;
  const { shape } = context.state.layout;
  let nextMask = 0;

  const parameter = (name: string): tfjs.Tensor => parameters[name]!;

  /** Batch normalization of each channel of (C, ...). */
  const batchNorm = <X extends tfjs.Tensor>(x: X, name: string): X => {
    const weight = parameter(`${name}.weight`);
    const bias = parameter(`${name}.bias`);
    if (context.batchStatistics) {
      const { value, mean, variance } = normaliseByBatch(tf, x, weight, bias);
      context.keepBatchStatistics?.(name, mean, variance, x.size / x.shape[0]!);
      return value;
    }
    const { mean, variance } = runningStatistics(tf, context.state, name);
    const scale = weight.div(variance.add(BATCH_NORM_EPSILON).sqrt());
    const shift = bias.sub(mean.mul(scale));
    const column = x.shape.map((_, axis) => (axis === 0 ? -1 : 1));
    return x.mul(scale.reshape(column)).add(shift.reshape(column));
  };

  /** A 1x1 convolution: the product of (O, C) with the channels of (C, T, F, V), plus (O). */
  const mixChannels = (weight: tfjs.Tensor, x: tfjs.Tensor4D, bias: tfjs.Tensor): tfjs.Tensor4D => {
    const [channels, ...others] = x.shape;
    const factor = weight.reshape([-1, channels]) as tfjs.Tensor2D;
    return affine(tf, factor, x, bias, [factor.shape[0], ...others]) as tfjs.Tensor4D;
  };

  /** Every `stride`-th frame from the first one, without a strided slice, which has no gradient on wasm. */
  const everyFrame = (x: tfjs.Tensor4D, stride: number): tfjs.Tensor4D => {
    if (stride === 1) return x;
    const [channels, frames, faces, points] = x.shape;
    const left = Math.ceil(frames / stride);
    const padded = padFrames(x, 0, left * stride - frames);
    const groups = padded.reshape([channels, left, stride, faces * points]);
    return tf
      .slice4d(groups as tfjs.Tensor4D, [0, 0, 0, 0], [channels, left, 1, faces * points])
      .reshape([channels, left, faces, points]);
  };

  const padFrames = (x: tfjs.Tensor4D, before: number, after: number): tfjs.Tensor4D =>
    before + after === 0
      ? x
      : tf.pad4d(x, [
          [0, 0],
          [before, after],
          [0, 0],
          [0, 0],
        ]);

  /** The convolution as a product of (O*T', C*T) with (C*T, F*V): no work on frames that are padding. */
  const temporalConvOfFewFrames = (
    kernel: tfjs.Tensor3D,
    bias: tfjs.Tensor,
    x: tfjs.Tensor4D,
    stride: number,
  ): tfjs.Tensor4D => {
    const [outChannels, channels, taps] = kernel.shape;
    const [, frames, faces, points] = x.shape;
    const { selection, outFrames } = temporalSelection(frames, stride);
    const spread = tf.matMul(
      kernel.reshape([outChannels * channels, taps]) as tfjs.Tensor2D,
      tf.tensor2d(selection, [taps, outFrames * frames]),
    );
    const matrix = spread
      .reshape([outChannels, channels, outFrames, frames])
      .transpose([0, 2, 1, 3])
      .reshape([outChannels * outFrames, channels * frames]) as tfjs.Tensor2D;
    const biases = tf.tile(bias.reshape([outChannels, 1]), [1, outFrames]).reshape([-1]);
    return affine(tf, matrix, x, biases, [outChannels, outFrames, faces, points]) as tfjs.Tensor4D;
  };

  /** The convolution as one product for each tap. */
  const temporalConvOfManyFrames = (
    kernel: tfjs.Tensor3D,
    bias: tfjs.Tensor,
    x: tfjs.Tensor4D,
    stride: number,
  ): tfjs.Tensor4D => {
    const [channels, frames, faces, points] = x.shape;
    const covered = Math.ceil(frames / stride) * stride;
    const padding = (TEMPORAL_KERNEL - 1) / 2;
    const padded = padFrames(x, padding, padding + covered - frames);
    const taps = tf.unstack(kernel, 2);
    return taps
      .map((tap, k) => {
        const window = tf.slice4d(padded, [0, k, 0, 0], [channels, covered, faces, points]);
        return mixChannels(tap, everyFrame(window, stride), k === 0 ? bias : tf.zerosLike(bias));
      })
      .reduce((sum, term) => add(tf, sum, term));
  };

  return {
    normalisedInput(name) {
      const [samples, channels, frames, points, persons] = data.shape;
      const rows = data.transpose([4, 3, 1, 0, 2]).reshape([persons * points * channels, samples * frames]);
      const normalised = batchNorm(rows, name)
        .reshape([persons, points, channels, samples, frames])
        .transpose([2, 4, 3, 0, 1])
        .reshape([channels, frames, samples * persons, points]) as tfjs.Tensor4D;
      return repeats === 1 ? normalised : tf.tile(normalised, [1, 1, repeats, 1]);
    },
    dropout(x, rate) {
      if (masks === null || rate === 0) return x;
      return dropout(tf, x, masks[nextMask++]!, rate);
    },
    bilinear(x, graphs, convolutions) {
      const maps = parameter(graphs) as tfjs.Tensor3D;
      const each = Array.from({ length: GRAPHS }, (_, i) => `${convolutions}.${i}`);
      const weights = each.map((name) => parameter(`${name}.weight`).reshape([-1, x.shape[0]]) as tfjs.Tensor2D);
      const bias = tf.addN(each.map((name) => parameter(`${name}.bias`)));
      // The product with the graphs costs most, so it is taken where there are fewer channels: the two commute.
      return weights[0]!.shape[0] < x.shape[0]
        ? mixedThenMapped(tf, x, maps, tf.concat(weights, 0), bias)
        : mappedThenMixed(tf, x, maps, tf.concat(weights, 1), bias);
    },
    pointwiseConv(x, convolution, stride) {
      return mixChannels(parameter(`${convolution}.weight`), everyFrame(x, stride), parameter(`${convolution}.bias`));
    },
    temporalConv(x, convolution, stride) {
      const kernel = parameter(`${convolution}.weight`).squeeze([3]) as tfjs.Tensor3D;
      const convolve = x.shape[1] <= MOST_FRAMES_AS_ONE_PRODUCT ? temporalConvOfFewFrames : temporalConvOfManyFrames;
      return convolve(kernel, parameter(`${convolution}.bias`), x, stride);
    },
    batchNorm,
    add: (a, b) => add(tf, a, b),
    relu: (x) => relu(tf, x),
    globalMean(x) {
      const perFace = x.mean([1, 3]);
      const perSample = perFace.reshape([x.shape[0], -1, shape.numPerson]).mean(2);
      return perSample.transpose() as tfjs.Tensor2D;
    },
    dense: (x, linear) =>
      tf.matMul(x, parameter(`${linear}.weight`) as tfjs.Tensor2D, false, true).add(parameter(`${linear}.bias`)),
  };
}

/** Running mean and variance, each (C). */
function runningStatistics(
  tf: TensorFlow,
  state: NetworkState,
  name: string,
): { mean: tfjs.Tensor1D; variance: tfjs.Tensor1D } {
  const { offset, length } = state.layout.statisticsOf(name);
  const column = (start: number) => tf.tensor1d(state.statistics.slice(start, start + length));
  return { mean: column(offset), variance: column(offset + length) };
}
