import type * as tfjs from '@tensorflow/tfjs';
import { BATCH_NORM_EPSILON } from '../network/network_state.js';
import type { TensorFlow } from './tensorflow_operations.js';

/** Keeps tensors for the gradient. */
type Save = (tensors: tfjs.Tensor[]) => void;

/** A normalised batch, and what it was normalised by. */
export interface Normalised {
  /** (C, elements). */
  readonly value: tfjs.Tensor2D;
  /** (C). */
  readonly mean: Float32Array;
  /** Biased, (C). */
  readonly variance: Float32Array;
}

/**
 * Batch normalization of each row of x (C, elements) by its own mean and variance (Ioffe and Szegedy 2015), with its
 * gradient in closed form: autodiff would keep five feature maps for it, this keeps none but x.
 *
 * @param weight (C, 1)
 * @param bias (C, 1)
 */
export function normaliseByBatch(tf: TensorFlow, x: tfjs.Tensor2D, weight: tfjs.Tensor, bias: tfjs.Tensor): Normalised {
  let statistics = { mean: new Float32Array(), variance: new Float32Array() };
  const elements = x.shape[1];
  const normalise = tf.customGrad((...given) => {
    const [features, scale, shift, save] = given as [tfjs.Tensor, tfjs.Tensor, tfjs.Tensor, Save];
    const mean = features.mean(1, true);
    const centred = features.sub(mean);
    const variance = centred.square().mean(1, true);
    const inverse = variance.add(BATCH_NORM_EPSILON).rsqrt();
    statistics = {
      mean: Float32Array.from(mean.dataSync()),
      variance: Float32Array.from(variance.dataSync()),
    };
    save([features, scale, mean, inverse]);
    const gradFunc = (dy: tfjs.Tensor, saved: tfjs.Tensor[]): tfjs.Tensor[] => {
      const [before, factor, centre, inverseDeviation] = saved as [tfjs.Tensor, tfjs.Tensor, tfjs.Tensor, tfjs.Tensor];
      const offsets = before.sub(centre);
      const alongOffsets = dy.mul(offsets).mean(1, true).mul(inverseDeviation);
      const sum = dy.sum(1, true);
      const direct = dy.sub(sum.div(elements)).sub(offsets.mul(alongOffsets.mul(inverseDeviation)));
      return [direct.mul(factor.mul(inverseDeviation)), alongOffsets.mul(elements), sum];
    };
    return { value: centred.mul(scale.mul(inverse)).add(shift), gradFunc };
  });
  const value = normalise(x, weight, bias) as tfjs.Tensor2D;
  return { value, ...statistics };
}

/** max(x, 0), with a gradient of one comparison and one product: TensorFlow.js's own takes nine operations. */
export function relu(tf: TensorFlow, x: tfjs.Tensor4D): tfjs.Tensor4D {
  const rectify = tf.customGrad((...given) => {
    const [features, save] = given as [tfjs.Tensor, Save];
    const value = tf.relu(features);
    save([value]);
    const gradFunc = (dy: tfjs.Tensor, saved: tfjs.Tensor[]): tfjs.Tensor =>
      dy.mul(saved[0]!.greater(0).cast('float32'));
    return { value, gradFunc };
  });
  return rectify(x) as tfjs.Tensor4D;
}
