import type { GraphBuilder } from '../../onnx/graph_builder.js';
import type { DropoutMaskShape } from '../network/dropout_masks.js';
import type { NetworkShape } from '../network/network_shape.js';
import type { GradientTape } from './gradient_tape.js';

/**
 * A batch of feature maps in a graph: matrices (C, T*F*V) with F = faces of all samples (and Monte Carlo repeats).
 *
 * With channels first and points last, every operation of the network is a matrix product on a reshaped view, without a
 * transposition: 1x1 convolutions on (C, T*F*V), graph products on blocks of the rows of (C*T*F, V), temporal
 * convolutions on (C*T, F*V); and each channel's batch-norm statistics run over contiguous memory.
 *
 * A map is written into the graph as late as can be (see `writtenValue`): batch normalizations, sums and biases then take
 * fewer passes over memory, or none.
 */
export interface FeatureMap {
  /** What the gradient tape knows it by. */
  readonly name: string;
  readonly channels: number;
  readonly frames: number;
  /** The map is their sum and that of the shifts. */
  readonly addends: readonly Addend[];
  /** Vectors (C): added to every element of a channel. */
  readonly shifts: readonly string[];
}

/** Writes a map's values (C, T*F*V) into the graph, each channel multiplied by its `factor` (C) where one is given. */
export type Addend = (factor?: string) => string;

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
  /** About how many faces (of all samples and repeats) a run will have: products are cut to suit it. */
  readonly faces: number;
  /** Scalar int64: how often each sample is repeated; only in mode 'monteCarlo'. */
  readonly repeats: string | null;
  readonly masks: MaskInput[];
  parameter(name: string): ParameterValue;
  runningStatistics(batchNorm: string): BatchStatistics;
  /** Takes the mean and the unbiased variance of this batch, for the running statistics. */
  keepBatchStatistics(batchNorm: string, statistics: BatchStatistics): void;
}

/** A map whose values (C, T*F*V) stand in the graph under the name `value`. */
export function writtenMap({ graph }: Lowering, value: string, channels: number, frames: number): FeatureMap {
  const times = (factor: string) => graph.node('Mul', [value, reshape(graph, factor, [channels, 1])]);
  return { name: value, channels, frames, addends: [(factor) => (factor ? times(factor) : value)], shifts: [] };
}

/** Writes a map into the graph, unless it is there already; its values (C, T*F*V). */
export function writtenValue({ graph }: Lowering, { channels, addends, shifts }: FeatureMap): string {
  const values = sumOf(
    graph,
    addends.map((write) => write()),
  );
  if (shifts.length === 0) return values;
  return graph.node('Add', [values, reshape(graph, sumOf(graph, shifts), [channels, 1])]);
}

/** The sum of values of one shape, at least one. */
export function sumOf(graph: GraphBuilder, values: readonly string[]): string {
  return values.reduce((a, b) => graph.node('Add', [a, b]));
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

/** Sum over one axis, which disappears. Over axis 0 of few, large rows `sumOfRows` is faster. */
export function sumOver(graph: GraphBuilder, value: string, axis: number): string {
  return graph.node('ReduceSum', [value, graph.intConstant([axis])], { keepdims: 0 });
}

/** Sum over axis 0 of a value of `rows` rows, as one row: onnxruntime's product does in one pass what ReduceSum does in several. */
export function sumOfRows(graph: GraphBuilder, value: string, rows: number): string {
  const ones = graph.floatConstant(
    Array.from({ length: rows }, () => 1),
    [1, rows],
  );
  return graph.node('MatMul', [ones, reshape(graph, value, [rows, -1])]);
}
