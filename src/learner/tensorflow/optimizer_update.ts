import type { Optimizer } from '../engine/engine.js';
import { ADAM_BETA_1, ADAM_BETA_2, ADAM_EPSILON } from '../onnx/optimizers.js';

/**
 * One update of the flat parameters by their gradients, in place, as PyTorch's SGD and Adam have it.
 *
 * @param vectors the optimizer's state, by the names in OPTIMIZER_STATE; updated in place
 * @param step of Adam's bias correction, counted from 1
 */
export function updateParameters(
  parameters: Float32Array,
  gradients: Float32Array,
  vectors: Readonly<Record<string, Float32Array>>,
  optimizer: Optimizer,
  learningRate: number,
  step: number,
): void {
  if (optimizer.name === 'sgd') updateBySgd(parameters, gradients, vectors.momentum_buffer!, optimizer, learningRate);
  else updateByAdam(parameters, gradients, vectors.exp_avg!, vectors.exp_avg_sq!, optimizer, learningRate, step);
}

function updateBySgd(
  parameters: Float32Array,
  gradients: Float32Array,
  momentumBuffer: Float32Array,
  { momentum, nesterov, weightDecay }: Optimizer,
  learningRate: number,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const decayed = gradients[i]! + weightDecay * parameters[i]!;
    const velocity = momentum * momentumBuffer[i]! + decayed;
    momentumBuffer[i] = velocity;
    parameters[i] = parameters[i]! - learningRate * (nesterov ? decayed + momentum * velocity : velocity);
  }
}

/** Kingma and Ba 2015, algorithm 1, with weight decay as a part of the gradient. */
function updateByAdam(
  parameters: Float32Array,
  gradients: Float32Array,
  means: Float32Array,
  squares: Float32Array,
  { weightDecay }: Optimizer,
  learningRate: number,
  step: number,
): void {
  const meanCorrection = 1 - ADAM_BETA_1 ** step;
  const squareCorrection = 1 - ADAM_BETA_2 ** step;
  for (let i = 0; i < parameters.length; i++) {
    const decayed = gradients[i]! + weightDecay * parameters[i]!;
    const mean = ADAM_BETA_1 * means[i]! + (1 - ADAM_BETA_1) * decayed;
    const square = ADAM_BETA_2 * squares[i]! + (1 - ADAM_BETA_2) * decayed * decayed;
    means[i] = mean;
    squares[i] = square;
    const deviation = Math.sqrt(square / squareCorrection) + ADAM_EPSILON;
    parameters[i] = parameters[i]! - (learningRate * (mean / meanCorrection)) / deviation;
  }
}
