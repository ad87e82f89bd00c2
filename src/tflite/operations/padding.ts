import type { Conversion } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

const SAME = 0;
const VALID = 1;

/** A window that moves over an image along one axis, in pixels. */
export interface Window {
  readonly size: number;
  readonly stride: number;
}

/**
 * Padding by TensorFlow's rules along an axis of `input` pixels: SAME gives ceil(input / stride) results, with the odd
 * pixel of padding at the end; VALID has none.
 */
export function padding(
  conversion: Conversion,
  operator: TfliteOperator,
  input: number,
  { size, stride }: Window,
): { before: number; after: number; output: number } {
  if (!(stride >= 1 && size >= 1)) conversion.refuse(operator, 'the size and stride', [size, stride], '1 or more');
  const kind = operator.options?.int8(0) ?? SAME;
  if (kind === SAME) {
    const output = Math.ceil(input / stride);
    const total = Math.max((output - 1) * stride + size - input, 0);
    return { before: total >> 1, after: total - (total >> 1), output };
  }
  if (kind !== VALID) conversion.refuse(operator, 'the padding', kind, '0 (SAME) or 1 (VALID)');
  if (size > input) conversion.refuse(operator, 'the size of the window', size, `up to the image's ${input} pixels`);
  return { before: 0, after: 0, output: Math.floor((input - size) / stride) + 1 };
}
