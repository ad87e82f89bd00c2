import { type Lowering, matmul, sumOver } from '../lowering.js';

/** x . weight^T + bias: x (N, C), weight (K, C), bias (K). */
export function dense(lowering: Lowering, x: string, linear: string): string {
  const { graph, tape } = lowering;
  const weight = lowering.parameter(`${linear}.weight`).value;
  const bias = lowering.parameter(`${linear}.bias`).value;
  const result = graph.node('Gemm', [x, weight, bias], { transB: 1 });
  tape.record([x, weight, bias], result, (gradient) => [
    matmul(graph, gradient, weight),
    matmul(graph, gradient, x, { a: true }),
    sumOver(graph, gradient, 0),
  ]);
  return result;
}
