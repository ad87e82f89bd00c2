// Prints as JSON how far onnxruntime's answers and trainings on WebGPU are from those on the CPU; a program of its own,
// since a graphics driver is found by variables that have to be set before the process starts.
import type { Optimizer } from '../../../src/learner/engine/engine.js';
import { openEngine } from '../../../src/learner/engine/open_engine.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { trainingBatch } from '../../support/batches.js';
import { relativeDifference, smallShape, trainedLookingNetwork } from '../../support/networks.js';

const cases = [
  { shape: smallShape({ topology: [2, 1, 1, 3] }), frames: 5 },
  { shape: smallShape({ topology: [1, 1, 1, 1, 1, 2], numPerson: 2 }), frames: 13 },
];
const optimizers: Optimizer[] = [
  { name: 'sgd', nesterov: true, momentum: 0.9, weightDecay: 1e-4 },
  // The decay drowns rounding errors that Adam would blow up to whole steps.
  { name: 'adam', nesterov: false, momentum: 0, weightDecay: 0.1 },
];
/** Few, as a graphics driver for the processor takes seconds for more. */
const samples = 3;

/** Logits, losses, parameters and statistics of all that a network is used for. */
async function results(device: 'cpu' | 'webgpu', { shape, frames }: (typeof cases)[number]) {
  const engine = await openEngine({ engine: 'onnxruntime', device, threads: 1 }, 'the test');
  const batch = trainingBatch(shape, frames, samples, 3);
  const found: Record<string, ArrayLike<number>> = {};
  for (const weights of ['stored', 'fed'] as const) {
    const passes = await engine.openInference(trainedLookingNetwork(shape, 5), frames, weights);
    for (const repeats of [0, 2]) {
      found[`logits of ${repeats} repeats, ${weights}`] = await passes.passes(
        batch.data,
        samples,
        repeats,
        new SeededRandom(1),
      );
    }
    await passes.release();
  }
  for (const optimizer of optimizers) {
    const training = await engine.openTraining(trainedLookingNetwork(shape, 5), frames, optimizer);
    const losses = [];
    for (let step = 0; step < 3; step++) losses.push((await training.step(batch, 0.005, new SeededRandom(step))).loss);
    found[`losses with ${optimizer.name}`] = losses;
    found[`parameters after ${optimizer.name}`] = training.state.parameters;
    found[`statistics after ${optimizer.name}`] = training.state.statistics;
    await training.release();
  }
  return found;
}

const differences: Record<string, number> = {};
for (const [index, network] of cases.entries()) {
  const expected = await results('cpu', network);
  const actual = await results('webgpu', network);
  for (const [name, values] of Object.entries(expected)) {
    differences[`network ${index}: ${name}`] = relativeDifference(actual[name]!, values);
  }
}
console.log(JSON.stringify(differences));
