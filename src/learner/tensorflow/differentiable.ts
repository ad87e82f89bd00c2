import type * as tfjs from '@tensorflow/tfjs';
import { BATCH_NORM_EPSILON } from '../network/network_state.js';
import type { TensorFlow } from './tensorflow_operations.js';
import { withGradient } from './with_gradient.js';

// The functions that a network spends its time and memory in, with their gradients in closed form.

/** The view (rows, -1). */
const matrix = (x: tfjs.Tensor, rows: number): tfjs.Tensor2D => x.reshape([rows, -1]);

/**
 * weight . x + bias.
 *
 * @param weight (P, Q)
 * @param x viewed as (Q, columns)
 * @param bias (P)
 * @param dims of the result, P x columns elements
 */
export function affine(
  tf: TensorFlow,
  weight: tfjs.Tensor2D,
  x: tfjs.Tensor,
  bias: tfjs.Tensor,
  dims: readonly number[],
): tfjs.Tensor {
  const [rows, inner] = weight.shape;
  const forward = () => {
    const value = tf.matMul(weight, matrix(x, inner)).add(bias.reshape([rows, 1]));
    return { value: value.reshape([...dims]), kept: [weight, x] };
  };
  return withGradient(tf, [weight, x, bias], forward, (dy, [factor, features]) => {
    const rowsOfDy = matrix(dy, rows);
    return [
      tf.matMul(rowsOfDy, matrix(features!, inner), false, true),
      tf.matMul(factor as tfjs.Tensor2D, rowsOfDy, true).reshape(x.shape),
      rowsOfDy.sum(1),
    ];
  });
}

/**
 * The sum over the graphs i of weight_i . (x . A_i), plus a bias, the product with the graphs first.
 *
 * @param x (C, T, F, V)
 * @param graphs (G, V, V)
 * @param weight (O, G*C): the weights side by side
 * @param bias (O)
 */
export function mappedThenMixed(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  graphs: tfjs.Tensor3D,
  weight: tfjs.Tensor2D,
  bias: tfjs.Tensor,
): tfjs.Tensor4D {
  const [channels, frames, faces, points] = x.shape;
  const [count] = graphs.shape;
  const [outChannels] = weight.shape;
  const asRows = (value: tfjs.Tensor, batch: number): tfjs.Tensor3D => value.reshape([batch, -1, points]);
  const forward = () => {
    const mapped = tf.matMul(asRows(x, 1), graphs);
    const value = tf.matMul(weight, matrix(mapped, count * channels)).add(bias.reshape([outChannels, 1]));
    return { value: value.reshape([outChannels, frames, faces, points]), kept: [x, graphs, weight, mapped] };
  };
  return withGradient(tf, [x, graphs, weight, bias], forward, (dy, [features, maps, factor, mapped]) => {
    const rowsOfDy = matrix(dy, outChannels);
    const towardsMapped = asRows(tf.matMul(factor as tfjs.Tensor2D, rowsOfDy, true), count);
    return [
      tf
        .matMul(towardsMapped, maps as tfjs.Tensor3D, false, true)
        .sum(0)
        .reshape(x.shape),
      tf.matMul(asRows(features!, 1), towardsMapped, true),
      tf.matMul(rowsOfDy, matrix(mapped!, count * channels), false, true),
      rowsOfDy.sum(1),
    ];
  }) as tfjs.Tensor4D;
}

/**
 * The same as `mappedThenMixed`, the product with the weights first: cheaper where they lead to fewer channels.
 *
 * @param weight (G*O, C): the weights one below the other
 */
export function mixedThenMapped(
  tf: TensorFlow,
  x: tfjs.Tensor4D,
  graphs: tfjs.Tensor3D,
  weight: tfjs.Tensor2D,
  bias: tfjs.Tensor,
): tfjs.Tensor4D {
  const [channels, frames, faces, points] = x.shape;
  const [count] = graphs.shape;
  const outChannels = weight.shape[0] / count;
  const asRows = (value: tfjs.Tensor, batch: number): tfjs.Tensor3D => value.reshape([batch, -1, points]);
  const forward = () => {
    const mixed = asRows(tf.matMul(weight, matrix(x, channels)), count);
    const value = matrix(tf.matMul(mixed, graphs).sum(0), outChannels).add(bias.reshape([outChannels, 1]));
    return { value: value.reshape([outChannels, frames, faces, points]), kept: [x, graphs, weight, mixed] };
  };
  return withGradient(tf, [x, graphs, weight, bias], forward, (dy, [features, maps, factor, mixed]) => {
    const towardsMixed = matrix(tf.matMul(asRows(dy, 1), maps as tfjs.Tensor3D, false, true), count * outChannels);
    return [
      tf.matMul(factor as tfjs.Tensor2D, towardsMixed, true).reshape(x.shape),
      tf.matMul(mixed as tfjs.Tensor3D, asRows(dy, 1), true),
      tf.matMul(towardsMixed, matrix(features!, channels), false, true),
      matrix(dy, outChannels).sum(1),
    ];
  }) as tfjs.Tensor4D;
}

/** A normalised batch, and what it was normalised by. */
export interface Normalised<X extends tfjs.Tensor> {
  readonly value: X;
  /** (C). */
  readonly mean: Float32Array;
  /** Biased, (C). */
  readonly variance: Float32Array;
}

/**
 * Batch normalization of each channel of x by its own mean and variance (Ioffe and Szegedy 2015).
 *
 * @param x (C, ...)
 * @param weight (C)
 * @param bias (C)
 */
export function normaliseByBatch<X extends tfjs.Tensor>(
  tf: TensorFlow,
  x: X,
  weight: tfjs.Tensor,
  bias: tfjs.Tensor,
): Normalised<X> {
  const channels = x.shape[0]!;
  const elements = x.size / channels;
  let statistics = { mean: new Float32Array(), variance: new Float32Array() };
  const forward = () => {
    const rows = matrix(x, channels);
    const mean = rows.mean(1, true);
    const centred = rows.sub(mean);
    const variance = centred.square().mean(1, true);
    const inverse = variance.add(BATCH_NORM_EPSILON).rsqrt();
    statistics = {
      mean: Float32Array.from(mean.dataSync()),
      variance: Float32Array.from(variance.dataSync()),
    };
    const value = centred.mul(weight.reshape([channels, 1]).mul(inverse)).add(bias.reshape([channels, 1]));
    return { value: value.reshape(x.shape), kept: [x, weight, mean, inverse] };
  };
  const value = withGradient(tf, [x, weight, bias], forward, (dy, [features, scale, mean, inverse]) => {
    const rowsOfDy = matrix(dy, channels);
    const centred = matrix(features!, channels).sub(mean!);
    const sum = rowsOfDy.sum(1, true);
    const along = rowsOfDy.mul(centred).sum(1, true).mul(inverse!);
    const direct = rowsOfDy.sub(sum.div(elements)).sub(centred.mul(along.mul(inverse!).div(elements)));
    return [
      direct.mul(scale!.reshape([channels, 1]).mul(inverse!)).reshape(x.shape),
      along.reshape([channels]),
      sum.reshape([channels]),
    ];
  });
  return { value: value as X, ...statistics };
}

/** x where the mask (bool, of its shape) is 1, divided by the share that is kept, else 0. */
export function dropout(tf: TensorFlow, x: tfjs.Tensor4D, mask: tfjs.Tensor4D, rate: number): tfjs.Tensor4D {
  // Made twice from one byte an element, rather than kept as four.
  const factor = () => mask.cast('float32').mul(1 / (1 - rate));
  const forward = () => ({ value: x.mul(factor()), kept: [] });
  return withGradient(tf, [x], forward, (dy) => [dy.mul(factor())]) as tfjs.Tensor4D;
}

export function add(tf: TensorFlow, a: tfjs.Tensor4D, b: tfjs.Tensor4D): tfjs.Tensor4D {
  const forward = () => ({ value: a.add(b), kept: [] });
  return withGradient(tf, [a, b], forward, (dy) => [dy.clone(), dy.clone()]) as tfjs.Tensor4D;
}

/** max(x, 0). */
export function relu(tf: TensorFlow, x: tfjs.Tensor4D): tfjs.Tensor4D {
  const forward = () => {
    const value = tf.relu(x);
    return { value, kept: [value] };
  };
  return withGradient(tf, [x], forward, (dy, [value]) => [dy.mul(value!.greater(0).cast('float32'))]) as tfjs.Tensor4D;
}
