import type { Constant, Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { activated } from './activation.js';
import { padding } from './padding.js';

/** CONV_2D: weights (O, kH, kW, I) and a bias (O). */
export function convolution(conversion: Conversion, operator: TfliteOperator): void {
  const weights = conversion.constant(operator, 1);
  const channels = conversion.value(operator, 0, 'channels_first').shape[3]!;
  const [outputs, height, width, inputs] = weights.shape as [number, number, number, number];
  if (weights.shape.length !== 4 || inputs !== channels) {
    conversion.refuse(operator, 'the shape of the weights', weights.shape, `(O, kH, kW, ${channels})`);
  }
  const fields = { activation: 3, dilationX: 4, dilationY: 5 };
  const moved = permuted(weights, [0, 3, 1, 2]);
  convolve(conversion, operator, { weights: moved, height, width, outputs, groups: 1, fields });
}

/** DEPTHWISE_CONV_2D: weights (1, kH, kW, C) and a bias (C). */
export function depthwiseConvolution(conversion: Conversion, operator: TfliteOperator): void {
  const weights = conversion.constant(operator, 1);
  const channels = conversion.value(operator, 0, 'channels_first').shape[3]!;
  const [one, height, width, outputs] = weights.shape as [number, number, number, number];
  if (weights.shape.length !== 4 || one !== 1 || outputs !== channels) {
    conversion.refuse(operator, 'the shape of the weights', weights.shape, `(1, kH, kW, ${channels})`);
  }
  const fields = { activation: 4, dilationX: 5, dilationY: 6 };
  const moved = permuted(weights, [3, 0, 1, 2]);
  convolve(conversion, operator, { weights: moved, height, width, outputs, groups: channels, fields });
}

interface Kernel {
  /** In ONNX's order. */
  readonly weights: Constant;
  readonly height: number;
  readonly width: number;
  readonly outputs: number;
  readonly groups: number;
  /** Numbers of the options' fields. */
  readonly fields: { readonly activation: number; readonly dilationX: number; readonly dilationY: number };
}

function convolve(conversion: Conversion, operator: TfliteOperator, kernel: Kernel): void {
  const { graph } = conversion;
  const { options } = operator;
  const { weights, height, width, outputs, groups, fields } = kernel;
  const input = conversion.value(operator, 0, 'channels_first');
  const dilations = [options?.int32(fields.dilationY, 1), options?.int32(fields.dilationX, 1)];
  if (dilations.some((dilation) => dilation !== 1)) conversion.refuse(operator, 'the dilation', dilations, '1');
  const strides = [options?.int32(2) ?? 1, options?.int32(1) ?? 1] as const;
  const rows = padding(conversion, operator, input.shape[1]!, { size: height, stride: strides[0] });
  const columns = padding(conversion, operator, input.shape[2]!, { size: width, stride: strides[1] });
  const inputs = [input.name, graph.initializer(graph.freshName('weights'), weights.values, weights.shape)];
  if (conversion.hasInput(operator, 2)) {
    const bias = conversion.constant(operator, 2);
    if (bias.values.length !== outputs) conversion.refuse(operator, 'the biases', bias.values.length, String(outputs));
    inputs.push(graph.initializer(graph.freshName('bias'), bias.values, [outputs]));
  }
  const name = graph.node('Conv', inputs, {
    kernel_shape: [height, width],
    strides,
    pads: [rows.before, columns.before, rows.after, columns.after],
    group: groups,
  });
  const shape = [input.shape[0]!, rows.output, columns.output, outputs];
  conversion.define(
    operator,
    activated(conversion, operator, fields.activation, { name, shape, layout: 'channels_first' }),
  );
}

/** A constant with its four axes in another order, as ONNX's Transpose has it. */
function permuted({ shape, values }: Constant, order: readonly [number, number, number, number]): Constant {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [a, b, c, d] = order.map((axis) => ({ size: shape[axis]!, stride: strides[axis]! })) as [
    Axis,
    Axis,
    Axis,
    Axis,
  ];
  const result = new Float32Array(values.length);
  let to = 0;
  for (let i = 0; i < a.size; i++) {
    for (let j = 0; j < b.size; j++) {
      for (let k = 0; k < c.size; k++) {
        const from = i * a.stride + j * b.stride + k * c.stride;
        for (let l = 0; l < d.size; l++) result[to++] = values[from + l * d.stride]!;
      }
    }
  }
  return { shape: order.map((axis) => shape[axis]!), values: result };
}

interface Axis {
  readonly size: number;
  readonly stride: number;
}
