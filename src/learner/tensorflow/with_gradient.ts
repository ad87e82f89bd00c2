import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow_operations.js';

/** The result of a function, and what its gradient is computed from. */
export interface Forward {
  readonly value: tfjs.Tensor;
  readonly kept: readonly tfjs.Tensor[];
}

/**
 * Applies a function whose gradient is given, and frees all that the gradient has used as soon as it has: autodiff keeps
 * every intermediate result and every gradient to the end of the step, several times the memory.
 *
 * @param inputs what the function is differentiated by
 * @param forward computes the function, and says what its gradient needs
 * @param gradient from the gradient of the result and what was kept to those of the inputs, in their order and shapes
 */
export function withGradient(
  tf: TensorFlow,
  inputs: tfjs.Tensor[],
  forward: () => Forward,
  gradient: (dy: tfjs.Tensor, kept: tfjs.Tensor[]) => tfjs.Tensor[],
): tfjs.Tensor {
  const apply = tf.customGrad((...given) => {
    const save = given.at(-1) as (tensors: tfjs.Tensor[]) => void;
    const { value, kept } = forward();
    save([...kept]);
    const gradFunc = (dy: tfjs.Tensor, saved: tfjs.Tensor[]): tfjs.Tensor[] => {
      const gradients = tf.tidy(() => gradient(dy, saved));
      for (const used of [dy, ...saved]) used.dispose();
      return gradients;
    };
    return { value, gradFunc };
  });
  return apply(...inputs);
}
