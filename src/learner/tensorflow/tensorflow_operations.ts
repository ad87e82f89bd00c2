import type * as tfjs from '@tensorflow/tfjs';
import { BATCH_NORM_EPSILON, type NetworkState } from '../network/network_state.js';
import type { NetworkOperations } from '../network/operations.js';
import { GRAPHS, TEMPORAL_KERNEL } from '../network/parameter_layout.js';
import { normaliseByBatch, relu } from './lean_gradients.js';
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
  /** Keep masks (C, T, F, V) of 0 and 1 in the order of the layers, or null for no dropout. */
  readonly masks: readonly tfjs.Tensor4D[] | null;
  /** Takes the mean and the biased variance of this batch, each (C), over so many elements. */
  keepBatchStatistics?(batchNorm: string, mean: Float32Array, variance: Float32Array, elements: number): void;
}

/**
 * The network's operations in TensorFlow.js, feature maps laid out (C, T, F, V), so that every product is one on a
 * reshaped view, without a transposition. Autodiff gives the gradients: only operations are used whose gradients every
 * backend has.
 */
export function tensorFlowOperations(context: TensorFlowContext): NetworkOperations<tfjs.Tensor4D, tfjs.Tensor2D> {
  const { tf, parameters, data, masks, repeats = 1 } = context;
  const { shape } = context.state.layout;
  let nextMask = 0;

  const parameter = (name: string): tfjs.Tensor => parameters[name]!;

  /** Batch normalization of each row of (C, elements). */
  const normaliseRows = (x: tfjs.Tensor2D, name: string): tfjs.Tensor2D => {
    const weight = parameter(`${name}.weight`).reshape([-1, 1]);
    const bias = parameter(`${name}.bias`).reshape([-1, 1]);
    if (!context.batchStatistics) {
      const { mean, variance } = runningStatistics(tf, context.state, name);
      const scale = weight.div(variance.add(BATCH_NORM_EPSILON).sqrt());
      return x.mul(scale).add(bias.sub(mean.mul(scale)));
    }
    const { value, mean, variance } = normaliseByBatch(tf, x, weight, bias);
    context.keepBatchStatistics?.(name, mean, variance, x.shape[1]);
    return value;
  };

  const batchNorm = (x: tfjs.Tensor4D, name: string): tfjs.Tensor4D =>
    normaliseRows(x.reshape([x.shape[0], -1]), name).reshape(x.shape);

  /** Product of (O, C) with the channels of (C, T, F, V). */
  const channelProduct = (weight: tfjs.Tensor2D, x: tfjs.Tensor4D): tfjs.Tensor4D => {
    const [channels, ...others] = x.shape;
    return tf.matMul(weight, x.reshape([channels, -1])).reshape([weight.shape[0], ...others]);
  };

  /** Product of (C, T, F, V) with a graph (V, V). */
  const graphProduct = (x: tfjs.Tensor4D, graph: tfjs.Tensor2D): tfjs.Tensor4D =>
    tf.matMul(x.reshape([-1, x.shape[3]]) as tfjs.Tensor2D, graph).reshape(x.shape);

  const withBias = (x: tfjs.Tensor4D, bias: tfjs.Tensor): tfjs.Tensor4D => x.add(bias.reshape([-1, 1, 1, 1]));

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
  const temporalConvOfFewFrames = (kernel: tfjs.Tensor3D, x: tfjs.Tensor4D, stride: number): tfjs.Tensor4D => {
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
    const product = tf.matMul(matrix, x.reshape([channels * frames, faces * points]) as tfjs.Tensor2D);
    return product.reshape([outChannels, outFrames, faces, points]);
  };

  /** The convolution as one product for each tap. */
  const temporalConvOfManyFrames = (kernel: tfjs.Tensor3D, x: tfjs.Tensor4D, stride: number): tfjs.Tensor4D => {
    const [channels, frames, faces, points] = x.shape;
    const covered = Math.ceil(frames / stride) * stride;
    const padding = (TEMPORAL_KERNEL - 1) / 2;
    const padded = padFrames(x, padding, padding + covered - frames);
    const terms = tf.unstack(kernel, 2).map((tap, k) => {
      const window = tf.slice4d(padded, [0, k, 0, 0], [channels, covered, faces, points]);
      return channelProduct(tap as tfjs.Tensor2D, everyFrame(window, stride));
    });
    return tf.addN(terms) as tfjs.Tensor4D;
  };

  return {
    normalisedInput(name) {
      const [samples, channels, frames, points, persons] = data.shape;
      const rows = data.transpose([4, 3, 1, 0, 2]).reshape([persons * points * channels, samples * frames]);
      const normalised = normaliseRows(rows as tfjs.Tensor2D, name)
        .reshape([persons, points, channels, samples, frames])
        .transpose([2, 4, 3, 0, 1])
        .reshape([channels, frames, samples * persons, points]) as tfjs.Tensor4D;
      return repeats === 1 ? normalised : tf.tile(normalised, [1, 1, repeats, 1]);
    },
    dropout(x, rate) {
      if (masks === null || rate === 0) return x;
      return x.mul(masks[nextMask++]!.mul(1 / (1 - rate)));
    },
    bilinear(x, graphs, convolutions) {
      const each = tf.unstack(parameter(graphs)) as tfjs.Tensor2D[];
      if (each.length !== GRAPHS) throw new RangeError(`${graphs} has ${each.length} graphs, expected ${GRAPHS}`);
      const weights = each.map(
        (_, i) => parameter(`${convolutions}.${i}.weight`).reshape([-1, x.shape[0]]) as tfjs.Tensor2D,
      );
      const bias = tf.addN(each.map((_, i) => parameter(`${convolutions}.${i}.bias`)));
      const outChannels = weights[0]!.shape[0];
      // The product with a graph costs most, so it is taken where there are fewer channels: the two commute.
      if (outChannels < x.shape[0]) {
        const projected = tf.split(channelProduct(tf.concat(weights, 0), x), GRAPHS, 0) as tfjs.Tensor4D[];
        return withBias(tf.addN(projected.map((part, i) => graphProduct(part, each[i]!))) as tfjs.Tensor4D, bias);
      }
      const mapped = tf.concat(
        each.map((graph) => graphProduct(x, graph)),
        0,
      );
      return withBias(channelProduct(tf.concat(weights, 1), mapped), bias);
    },
    pointwiseConv(x, convolution, stride) {
      const weight = parameter(`${convolution}.weight`).reshape([-1, x.shape[0]]) as tfjs.Tensor2D;
      return withBias(channelProduct(weight, everyFrame(x, stride)), parameter(`${convolution}.bias`));
    },
    temporalConv(x, convolution, stride) {
      const kernel = parameter(`${convolution}.weight`).squeeze([3]) as tfjs.Tensor3D;
      const few = x.shape[1] <= MOST_FRAMES_AS_ONE_PRODUCT;
      const convolved = few ? temporalConvOfFewFrames(kernel, x, stride) : temporalConvOfManyFrames(kernel, x, stride);
      return withBias(convolved, parameter(`${convolution}.bias`));
    },
    batchNorm,
    add: (a, b) => a.add(b),
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

/** Running mean and variance, each (C, 1). */
function runningStatistics(
  tf: TensorFlow,
  state: NetworkState,
  name: string,
): { mean: tfjs.Tensor2D; variance: tfjs.Tensor2D } {
  const { offset, length } = state.layout.statisticsOf(name);
  const column = (start: number) => tf.tensor2d(state.statistics.slice(start, start + length), [length, 1]);
  return { mean: column(offset), variance: column(offset + length) };
}
