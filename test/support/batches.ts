import type { TrainingBatch } from '../../src/learner/engine/engine.js';
import { type NetworkShape, outputCount } from '../../src/learner/network/network_shape.js';
import { normalValues } from './networks.js';

/** A batch of normal values to learn from, with smoothed targets of every class in turn and uneven weights. */
export function trainingBatch(shape: NetworkShape, frames: number, count: number, seed: number): TrainingBatch {
  const { inChannels, numPoint, numPerson } = shape;
  const outputs = outputCount(shape);
  const targets = new Float32Array(count * outputs).fill(0.1 / (outputs - 1));
  for (let n = 0; n < count; n++) targets[n * outputs + (n % outputs)] = 0.9;
  const weights = Float32Array.from({ length: count }, (_, n) => 1 + (n % 3));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    data: normalValues(count * inChannels * frames * numPoint * numPerson, seed),
    targets,
    sampleWeights: weights.map((weight) => weight / total),
    count,
  };
}
