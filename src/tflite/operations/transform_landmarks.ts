import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { checkVersion2 } from './custom_options.js';

/** TransformLandmarks, version 2 (MediaPipe): points (N, L, 2), as (x, y, 0, 1), times a matrix (N, 4, 4). */
export function transformLandmarks(conversion: Conversion, operator: TfliteOperator): void {
  checkVersion2(conversion, operator);
  const { graph } = conversion;
  const points = conversion.value(operator, 0, 'as_written');
  const matrix = conversion.value(operator, 1, 'as_written');
  const [batch] = points.shape;
  if (points.shape.length !== 3 || points.shape[2] !== 2) {
    conversion.refuse(operator, 'the shape of the points', points.shape, '(1, L, 2)');
  }
  if (matrix.shape.join() !== [batch, 4, 4].join()) {
    conversion.refuse(operator, 'the shape of the matrix', matrix.shape, `(${batch}, 4, 4)`);
  }
  const widen = graph.floatConstant([1, 0, 0, 0, 0, 1, 0, 0], [2, 4]);
  const wide = graph.node('MatMul', [points.name, widen]);
  const homogeneous = graph.node('Add', [wide, graph.floatConstant([0, 0, 0, 1], [4])]);
  const transposed = graph.node('Transpose', [matrix.name], { perm: [0, 2, 1] });
  const rows = graph.node('MatMul', [transposed, graph.floatConstant([1, 0, 0, 1, 0, 0, 0, 0], [4, 2])]);
  conversion.define(operator, { ...points, name: graph.node('MatMul', [homogeneous, rows]) });
}
