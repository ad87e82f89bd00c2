import { z } from 'zod';
import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { checkVersion2, customOptions } from './custom_options.js';

const optionsSchema = z.strictObject({
  /** The points whose line gives the rotation. */
  left_rotation_idx: z.int().min(0),
  right_rotation_idx: z.int().min(0),
  /** The points that the rectangle has to hold. */
  subset_idxs: z.array(z.int().min(0)).min(1),
  /** Radians: the direction that the line is turned to. */
  target_rotation_radians: z.number(),
  /** The rectangle's sides over those of the points' bounding box. */
  scale_x: z.number().positive(),
  scale_y: z.number().positive(),
  /** Pixels of the image that the rectangle is to become. */
  output_width: z.int().min(1).max(4096),
  output_height: z.int().min(1).max(4096),
});

/** A length under which two points fall together, so that their line has no direction. */
const NO_LENGTH = 1e-12;

/**
 * Landmarks2TransformMatrix, version 2 (MediaPipe): landmarks (N, L, 3) to the matrix (N, 4, 4) that takes pixels of a small
 * image to those of the image in which the landmarks lie. The small image is the rectangle around a subset of the
 * landmarks, turned with the line between two of them.
 *
 * With R the rotation by -r, r the angle from the line to its target: the subset's bounding box in turned coordinates has
 * the extremes a (largest) and b (smallest); the matrix is the translation to R (a + b)/2 times R times the scaling by
 * scale (a - b) / output size times the translation by -output size / 2. All but R and the extremes is linear, with
 * constant factors, and is multiplied up here.
 */
export function landmarksToTransformMatrix(conversion: Conversion, operator: TfliteOperator): void {
  checkVersion2(conversion, operator);
  const { graph } = conversion;
  const options = customOptions(conversion, operator, optionsSchema);
  const landmarks = conversion.value(operator, 0, 'as_written');
  const [batch, count, coordinates] = landmarks.shape;
  const indices = [options.left_rotation_idx, options.right_rotation_idx, ...options.subset_idxs];
  if (landmarks.shape.length !== 3 || coordinates !== 3 || indices.some((index) => index >= count!)) {
    conversion.refuse(operator, 'the shape of the landmarks', landmarks.shape, `(1, ${Math.max(...indices) + 1}, 3)`);
  }
  const node = (name: string, inputs: string[], attributes = {}) => graph.node(name, inputs, attributes);
  const matrix = (rows: readonly (readonly number[])[]) =>
    graph.floatConstant(rows.flat(), [rows.length, rows[0]!.length]);
  const points = (list: readonly number[]) => node('Gather', [landmarks.name, graph.intConstant(list)], { axis: 1 });

  // The line's direction (N, 1, 2): cosine and sine of its angle.
  const line = node('Sub', [points([options.right_rotation_idx]), points([options.left_rotation_idx])]);
  const flatLine = node('MatMul', [
    line,
    matrix([
      [1, 0],
      [0, 1],
      [0, 0],
    ]),
  ]);
  const length = node('ReduceL2', [flatLine, graph.intConstant([2])]);
  const direction = node('Div', [flatLine, node('Max', [length, graph.floatConstant(NO_LENGTH)])]);

  // cos r and sin r are linear in the direction. R is [[cos r, sin r], [-sin r, cos r]].
  const [cos, sin] = [Math.cos(options.target_rotation_radians), Math.sin(options.target_rotation_radians)];
  const [cosR, sinR] = [
    [cos, sin],
    [sin, -cos],
  ] as const;
  const [minusSinR, zero] = [sinR.map((factor) => -factor), [0, 0]];
  const fromDirection = (entries: readonly (readonly number[])[], rows: number, columns: number) => {
    const factors = matrix([0, 1].map((axis) => entries.map((entry) => entry[axis]!)));
    const flat = node('MatMul', [direction, factors]);
    return node('Reshape', [flat, graph.intConstant([-1, rows, columns])]);
  };
  // For rows (x, y, z) of landmarks: R's inverse, transposed.
  const turn = fromDirection([cosR, sinR, minusSinR, cosR, zero, zero], 3, 2);
  // R transposed, (N, 2, 4).
  const turnBack = fromDirection([cosR, minusSinR, zero, zero, sinR, cosR, zero, zero], 2, 4);

  const turned = node('MatMul', [points(options.subset_idxs), turn]);
  const largest = node('ReduceMax', [turned, graph.intConstant([1])]);
  const smallest = node('ReduceMin', [turned, graph.intConstant([1])]);
  const extremes = node('Concat', [largest, smallest], { axis: 2 });
  // Rows of what R takes, (N, 4, 2): the scaled axes, nothing for z, and the corner that pixel (0, 0) begins at.
  const { scale_x, scale_y, output_width, output_height } = options;
  const fromExtremes = (part: (sign: 1 | -1, axis: 0 | 1) => readonly number[]) =>
    matrix([part(1, 0), part(1, 1), part(-1, 0), part(-1, 1)]);
  const factors = fromExtremes((sign, axis) => {
    const scale = [scale_x / output_width, scale_y / output_height][axis]!;
    const corner = 0.5 - (sign * [scale_x, scale_y][axis]!) / 2;
    return axis === 0 ? [sign * scale, 0, 0, 0, 0, 0, corner, 0] : [0, 0, 0, sign * scale, 0, 0, 0, corner];
  });
  const rows = node('Reshape', [node('MatMul', [extremes, factors]), graph.intConstant([-1, 4, 2])]);
  const rest = matrix([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ]);
  const transposed = node('Add', [node('MatMul', [rows, turnBack]), rest]);
  const name = node('Transpose', [transposed], { perm: [0, 2, 1] });
  conversion.define(operator, { name, shape: [batch!, 4, 4], layout: 'as_written' });
}
