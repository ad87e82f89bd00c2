import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { activated } from './activation.js';
import { padding } from './padding.js';

/** MAX_POOL_2D. */
export function maxPool(conversion: Conversion, operator: TfliteOperator): void {
  const { options } = operator;
  const input = conversion.value(operator, 0, 'channels_first');
  const field = (number: number) => options?.int32(number) ?? 0;
  const strides = [field(2), field(1)] as const;
  const size = [field(4), field(3)] as const;
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const rows = padding(conversion, operator, height, { size: size[0], stride: strides[0] });
  const columns = padding(conversion, operator, width, { size: size[1], stride: strides[1] });
  const name = conversion.graph.node('MaxPool', [input.name], {
    kernel_shape: size,
    strides,
    pads: [rows.before, columns.before, rows.after, columns.after],
  });
  const shape = [batch, rows.output, columns.output, channels];
  conversion.define(operator, activated(conversion, operator, 5, { name, shape, layout: 'channels_first' }));
}
