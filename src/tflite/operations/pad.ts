import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

/**
 * PAD with zeros at the end of the channels. Written as a convolution by the identity: onnxruntime joins it to the sum
 * that comes next, and need not leave its own layout of channels for it.
 */
export function pad(conversion: Conversion, operator: TfliteOperator): void {
  const { graph } = conversion;
  const input = conversion.value(operator, 0, 'channels_first');
  const pads = conversion.integers(operator, 1);
  const added = pads[7];
  if (pads.length !== 8 || pads.slice(0, 7).some((size) => size !== 0) || !(added! >= 0 && added! <= 4096)) {
    conversion.refuse(operator, 'the padding', pads, 'some at the end of the channels alone');
  }
  const [batch, height, width, channels] = input.shape as [number, number, number, number];
  const padded = channels + added!;
  const identity = new Float32Array(padded * channels);
  for (let channel = 0; channel < channels; channel++) identity[channel * channels + channel] = 1;
  const weights = graph.initializer(graph.freshName('identity'), identity, [padded, channels, 1, 1]);
  const name = graph.node('Conv', [input.name, weights], { kernel_shape: [1, 1] });
  conversion.define(operator, { name, shape: [batch, height, width, padded], layout: 'channels_first' });
}
