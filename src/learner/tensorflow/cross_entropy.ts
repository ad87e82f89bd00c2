import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow_operations.js';

/**
 * The weighted cross entropy of logits (N, K) against target distributions (N, K):
 * the sum over n of weight_n * -sum_k target_nk log softmax(logits_n)_k. Weights (N) of 1/N give the mean.
 */
export function crossEntropy(
  tf: TensorFlow,
  logits: tfjs.Tensor2D,
  targets: tfjs.Tensor2D,
  weights: tfjs.Tensor1D,
): tfjs.Scalar {
  const perSample = tf.logSoftmax(logits).mul(targets).sum(1).neg();
  return perSample.mul(weights).sum();
}
