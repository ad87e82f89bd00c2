/**
 * The operations that the network is written in. A backend gives them a meaning: a graph for onnxruntime, or
 * TensorFlow.js tensors. Parameters are referred to by their keys in the state_dict.
 *
 * `X` is a batch of feature maps with C channels, T frames and V points for each of N*M faces, laid out as the backend
 * likes; `Y` is a matrix (N, K).
 */
export interface NetworkOperations<X, Y> {
  /** The network's input after data_bn: batch normalization over M*V*C, then faces beside samples. */
  normalisedInput(batchNorm: string): X;
  /** Zeroes elements with probability `rate` and scales the others by 1/(1-rate), where dropout is on. */
  dropout(x: X, rate: number): X;
  /** Sum over the graphs i of Conv1x1_i(x . A_i), A = `graphs` (3, V, V), the convolutions `convolutions.0` to `.2`. */
  bilinear(x: X, graphs: string, convolutions: string): X;
  /** A 1x1 convolution with weight and bias, over every `stride`-th frame. */
  pointwiseConv(x: X, convolution: string, stride: number): X;
  /** A convolution over time, kernel 9, padding 4. */
  temporalConv(x: X, convolution: string, stride: number): X;
  /** Batch normalization of each channel. */
  batchNorm(x: X, batchNorm: string): X;
  add(a: X, b: X): X;
  relu(x: X): X;
  /** The mean over frames and points, then over faces: (N, C). */
  globalMean(x: X): Y;
  /** x . weight^T + bias. */
  dense(x: Y, linear: string): Y;
}
