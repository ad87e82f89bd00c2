import { z } from 'zod';
import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { checkVersion2, customOptions } from './custom_options.js';

const optionsSchema = z.strictObject({
  output_width: z.int().min(1).max(4096),
  output_height: z.int().min(1).max(4096),
});

/** A coordinate of GridSample (-1 to 1 over the image) at which there is nothing but padding. */
const FAR_OUTSIDE = 3;

/**
 * TransformTensorBilinear, version 2 (MediaPipe): an image (N, H, W, C) and a matrix (N, 4, 4) to a smaller image, whose
 * pixel (x, y) is sampled, bilinear, where the matrix takes its middle (x + 0.5, y + 0.5). It is 0 where that is
 * not between the middles of the image's pixels.
 */
export function transformTensorBilinear(conversion: Conversion, operator: TfliteOperator): void {
  checkVersion2(conversion, operator);
  const { graph } = conversion;
  const { output_width, output_height } = customOptions(conversion, operator, optionsSchema);
  const image = conversion.value(operator, 0, 'channels_first');
  const matrix = conversion.value(operator, 1, 'as_written');
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  if (matrix.shape.join() !== [batch, 4, 4].join()) {
    conversion.refuse(operator, 'the shape of the matrix', matrix.shape, `(${batch}, 4, 4)`);
  }
  const pixels = Array.from({ length: output_width * output_height }, (_, i) => {
    return [(i % output_width) + 0.5, Math.floor(i / output_width) + 0.5, 0, 1];
  });
  // GridSample's coordinates are -1 to 1 from edge to edge; the matrix's last row is (0, 0, 0, 1).
  const toGrid = graph.floatConstant([2 / width, 0, 0, 2 / height, 0, 0, -1, -1], [4, 2]);
  const transposed = graph.node('Transpose', [matrix.name], { perm: [0, 2, 1] });
  const middles = graph.floatConstant(pixels.flat(), [pixels.length, 4]);
  const grid = graph.node('MatMul', [middles, graph.node('MatMul', [transposed, toGrid])]);
  // GridSample fades out over the last half pixel; this operation ends there.
  const ends = graph.floatConstant([1 - 1 / width, 1 - 1 / height], [2]);
  const outside = graph.node('Greater', [graph.node('Abs', [grid]), ends]);
  const places = graph.node('Where', [outside, graph.floatConstant(FAR_OUTSIDE), grid]);
  const shaped = graph.node('Reshape', [places, graph.intConstant([-1, output_height, output_width, 2])]);
  const name = graph.node('GridSample', [image.name, shaped], {
    mode: 'bilinear',
    padding_mode: 'zeros',
    align_corners: 0,
  });
  const shape = [batch, output_height, output_width, channels];
  conversion.define(operator, { name, shape, layout: 'channels_first' });
}
