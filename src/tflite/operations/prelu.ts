import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

/**
 * PRELU with one slope a channel, (1, 1, C): x where x > 0, else slope x.
 *
 * Written as slope x + (1 - slope) max(x, 0), each term a convolution of every channel by itself: onnxruntime's own PRelu
 * leaves the layout of channels that its convolutions work in, and costs more than all of them.
 */
export function prelu(conversion: Conversion, operator: TfliteOperator): void {
  const input = conversion.value(operator, 0, 'channels_first');
  const slope = conversion.constant(operator, 1);
  const channels = input.shape[3]!;
  if (slope.values.length !== channels || slope.shape.at(-1) !== channels) {
    conversion.refuse(operator, 'the shape of the slopes', slope.shape, `(1, 1, ${channels})`);
  }
  const { graph } = conversion;
  const scaled = (name: string, factors: Float32Array) => {
    const weights = graph.initializer(graph.freshName('slope'), factors, [channels, 1, 1, 1]);
    return graph.node('Conv', [name, weights], { kernel_shape: [1, 1], group: channels });
  };
  const rest = slope.values.map((value) => 1 - value);
  const positive = graph.node('Relu', [scaled(input.name, rest.map(Math.abs))]);
  // Where the slope is above 1, the second term is to be taken away.
  const second = rest.some((value) => value < 0) ? scaled(positive, rest.map(Math.sign)) : positive;
  const name = graph.node('Add', [scaled(input.name, slope.values), second]);
  conversion.define(operator, { ...input, name });
}
