import { InvalidInputError } from '../../errors.js';
import { OPTIMIZER_STATE, type OptimizerName } from '../onnx/optimizers.js';
import type { OptimizerState } from './engine.js';

/**
 * The vectors that an optimizer starts from: copies of those given, or zeros.
 *
 * @param length of each: the number of the network's parameters
 * @throws InvalidInputError naming the vector that is missing, too many or of another length
 */
export function startingVectors(
  optimizer: OptimizerName,
  length: number,
  start: OptimizerState | undefined,
): Record<string, Float32Array> {
  const names = OPTIMIZER_STATE[optimizer];
  if (start === undefined) return Object.fromEntries(names.map((name) => [name, new Float32Array(length)]));
  const origin = "the optimizer's state";
  const unknown = Object.keys(start.vectors).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new InvalidInputError('a vector', unknown, `one of ${optimizer}: ${names.join(', ')}`, origin);
  }
  if (!Number.isInteger(start.steps) || start.steps < 0) {
    throw new InvalidInputError('steps', start.steps, 'a whole number, 0 or more', origin);
  }
  return Object.fromEntries(
    names.map((name) => {
      const vector = start.vectors[name];
      if (vector?.length !== length) {
        throw new InvalidInputError(`the length of ${name}`, vector?.length, String(length), origin);
      }
      return [name, vector.slice()];
    }),
  );
}
