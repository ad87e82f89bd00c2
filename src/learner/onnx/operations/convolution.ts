import { type FeatureMap, type Lowering, type ParameterValue, reshape } from '../lowering.js';

/**
 * The map that a convolution gives.
 *
 * @param product writes the product of the weights, multiplied by a factor for each output channel where one is given,
 * and the input; in training it is written at once, with the weights as they are
 * @param bias (channels), still to be added
 */
export function convolved(
  { graph, mode }: Lowering,
  product: (factor?: string) => string,
  bias: string,
  channels: number,
  frames: number,
): FeatureMap {
  if (mode !== 'training') {
    return { name: graph.freshName('convolution'), channels, frames, addends: [product], shifts: [bias] };
  }
  const value = product();
  return { name: value, channels, frames, addends: [() => value], shifts: [bias] };
}

/** A convolution's weight (O, ...) times a factor (O); the weight itself where there is none. */
export function scaledWeight({ graph }: Lowering, weight: ParameterValue, factor?: string): ParameterValue {
  if (factor === undefined) return weight;
  const factors = reshape(graph, factor, [-1, ...weight.dims.slice(1).map(() => 1)]);
  return { ...weight, value: graph.node('Mul', [weight.value, factors]) };
}
