import type { DropoutMaskShape } from '../network/dropout_masks.js';
import type { NetworkShape } from '../network/network_shape.js';
import type { GradientTape } from './gradient_tape.js';
import type { GraphBuilder } from './graph_builder.js';

/**
 * A batch of feature maps in a graph, laid out (C, T, F, V) with F = faces of all samples (and Monte Carlo repeats).
 *
 * With channels first and faces inside, every operation of the network is one large matrix product on a reshaped view,
 * without a transposition: 1x1 convolutions on (C, T*F*V), graph products on (C*T*F, V), temporal convolutions on
 * (C*T, F*V), and each channel's batch-norm statistics run over contiguous memory.
 */
export interface FeatureMap {
  readonly value: string;
  readonly channels: number;
  readonly frames: number;
}

/** A parameter in a graph, already in the dims that its state_dict key has. */
export interface ParameterValue {
  readonly value: string;
  readonly dims: readonly number[];
}

/** A dropout mask that the caller feeds: uint8 0 or 1 as ONNX bool, shape (C, T, F, V). */
export interface MaskInput extends DropoutMaskShape {
  readonly name: string;
}

/** The values of one batch normalization's statistics, each (C). */
export interface BatchStatistics {
  readonly mean: string;
  readonly variance: string;
}

/**
 * What operations need while they are lowered to ONNX.
 *
 * mode 'training': batch statistics, dropout on, gradients recorded; 'monteCarlo': running statistics, dropout on;
 * 'evaluation': running statistics, no dropout.
 */
export interface Lowering {
  readonly graph: GraphBuilder;
  readonly tape: GradientTape;
  readonly shape: NetworkShape;
  readonly mode: 'training' | 'monteCarlo' | 'evaluation';
  /** The graph's input (N, C, T, V, M). */
  readonly data: string;
  readonly frames: number;
  /** Scalar int64: how often each sample is repeated; only in mode 'monteCarlo'. */
  readonly repeats: string | null;
  readonly masks: MaskInput[];
  parameter(name: string): ParameterValue;
  runningStatistics(batchNorm: string): BatchStatistics;
  /** Takes the mean and the unbiased variance of this batch, for the running statistics. */
  keepBatchStatistics(batchNorm: string, statistics: BatchStatistics): void;
}

/** Reshapes; one of `dims` may be -1. */
export function reshape(graph: GraphBuilder, value: string, dims: readonly number[]): string {
  return graph.node('Reshape', [value, graph.intConstant(dims)]);
}

/** Matrix product of a (transposed where said) and b (likewise), over leading batch dimensions. */
export function matmul(
  graph: GraphBuilder,
  a: string,
  b: string,
  transpose: { a?: boolean; b?: boolean } = {},
): string {
  if (!transpose.a && !transpose.b) return graph.node('MatMul', [a, b]);
  const attributes = { transA: transpose.a ? 1 : 0, transB: transpose.b ? 1 : 0 };
  return graph.node('FusedMatMul', [a, b], attributes, 'com.microsoft');
}

/** Sum over one axis, which disappears. */
export function sumOver(graph: GraphBuilder, value: string, axis: number): string {
  return graph.node('ReduceSum', [value, graph.intConstant([axis])], { keepdims: 0 });
}
