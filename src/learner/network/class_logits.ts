import { type NetworkShape, outputCount } from './network_shape.js';

/**
 * Logits (rows, K) of the classes, out of those of a network's outputs (rows, outputs): the logarithm of the sum of the
 * exponentials of all outputs of a class. So a class has the sum of the probabilities of its outputs, and learns to look
 * different in data of different kinds, such as posed expressions and those of press photos.
 *
 * @param logits flat, as many rows as there are
 */
export function classLogits(logits: Float32Array, shape: NetworkShape): Float32Array {
  const { numClass, classOfOutput } = shape;
  if (classOfOutput.length === 0) return logits;
  const outputs = outputCount(shape);
  const rows = logits.length / outputs;
  const merged = new Float32Array(rows * numClass);
  const sums = new Float64Array(numClass);
  for (let row = 0; row < rows; row++) {
    const given = logits.subarray(row * outputs, (row + 1) * outputs);
    const largest = given.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    sums.fill(0);
    classOfOutput.forEach((k, output) => {
      sums[k]! += Math.exp(given[output]! - largest);
    });
    for (let k = 0; k < numClass; k++) merged[row * numClass + k] = Math.log(sums[k]!) + largest;
  }
  return merged;
}
