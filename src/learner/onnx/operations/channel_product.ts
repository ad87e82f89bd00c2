import { type FeatureMap, type Lowering, matmul, reshape, sumOver } from '../lowering.js';

/**
 * weight . x + bias, where x is seen as a matrix of `rows` rows: the product that every convolution here comes down to.
 *
 * @param weight (outRows, rows); @param bias (channels), repeated for the rows of a channel, or null
 */
export function leftProduct(lowering: Lowering, weight: string, x: FeatureMap, rows: number): string {
  const { graph, tape } = lowering;
  const columns = reshape(graph, x.value, [rows, -1]);
  const result = matmul(graph, weight, columns);
  tape.record([weight, x.value], result, (gradient) => [
    matmul(graph, gradient, columns, { b: true }),
    reshape(graph, matmul(graph, weight, gradient, { a: true }), [x.channels, x.frames, -1, lowering.shape.numPoint]),
  ]);
  return result;
}

/** Adds a bias (C) to every element of its channel; `value` may have any shape whose elements are in channel order. */
export function addChannelBias(
  lowering: Lowering,
  value: string,
  bias: string,
  channels: number,
  frames: number,
): FeatureMap {
  const { graph, tape, shape } = lowering;
  const biased = graph.node('Add', [reshape(graph, value, [channels, -1]), reshape(graph, bias, [channels, 1])]);
  const result = reshape(graph, biased, [channels, frames, -1, shape.numPoint]);
  tape.record([value, bias], result, (gradient) => [
    graph.node('Reshape', [gradient, graph.node('Shape', [value])]),
    sumOver(graph, reshape(graph, gradient, [channels, -1]), 1),
  ]);
  return { value: result, channels, frames };
}
