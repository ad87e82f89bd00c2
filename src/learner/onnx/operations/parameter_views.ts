import { type Lowering, type ParameterValue, reshape } from '../lowering.js';

/** A parameter reshaped to (rows, columns), with its gradient reshaped back. */
export function asMatrix(lowering: Lowering, parameter: ParameterValue, rows: number, columns: number): string {
  const { graph, tape } = lowering;
  const result = reshape(graph, parameter.value, [rows, columns]);
  tape.record([parameter.value], result, (gradient) => [reshape(graph, gradient, parameter.dims)]);
  return result;
}

/** Values joined along an axis, with their gradient split again; all have `size` elements on that axis. */
export function concatenate(lowering: Lowering, values: readonly string[], axis: number, size: number): string {
  const { graph, tape } = lowering;
  const result = graph.node('Concat', values, { axis });
  tape.record(values, result, (gradient) => {
    const sizes = graph.intConstant(values.map(() => size));
    return graph.nodeWithResults('Split', [gradient, sizes], values.length, { axis });
  });
  return result;
}

/** The sum of several values of one shape. */
export function sum(lowering: Lowering, values: readonly string[]): string {
  const { graph, tape } = lowering;
  const result = graph.node('Sum', values);
  tape.record(values, result, (gradient) => values.map(() => gradient));
  return result;
}
