import type { Optimizer, TrainingBatch } from '../engine/engine.js';
import { argmax } from '../evaluation/classification_report.js';
import type { NetworkState } from '../network/network_state.js';
import type { SessionOptions } from '../onnx/session.js';
import { SeededRandom } from '../random/seeded_random.js';
import type { EpochSource, Samples } from '../samples.js';
import { type LearningRateOptions, learningRateAt } from './schedule.js';
import { TrainingSession } from './training_session.js';

export interface TrainOptions extends LearningRateOptions {
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  /** Share of each target that is spread over all classes (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  /** Weight of each class in the loss, or null for equal ones; a batch's loss is the weighted mean, as PyTorch's. */
  readonly classWeights: readonly number[] | null;
  readonly startEpoch: number;
  readonly seed: number;
  readonly session: SessionOptions;
}

/** What is known after an epoch. */
export interface EpochResult {
  /** Counted from 0. */
  readonly epoch: number;
  /** Mean over the batches. */
  readonly loss: number;
  /** Of the training samples, with dropout, before each update. */
  readonly accuracy: number;
  readonly learningRate: number;
}

/** Streams of a seed: what is drawn for one purpose does not move what is drawn for another. */
const SHUFFLE_STREAM = 101;
const DROPOUT_STREAM = 102;

/**
 * Trains a network in place, epoch by epoch.
 *
 * Every epoch's randomness follows from the seed and the epoch's number, so a run that starts at `startEpoch` with the
 * state of that epoch goes on as the undisturbed one.
 *
 * @param onEpoch called after each epoch; training ends early where it answers false
 */
export async function train(
  state: NetworkState,
  source: EpochSource,
  frames: number,
  options: TrainOptions,
  onEpoch: (result: EpochResult) => Promise<boolean> | boolean,
): Promise<void> {
  const session = await TrainingSession.open(state, frames, options.optimizer, options.session);
  try {
    for (let epoch = options.startEpoch; epoch < options.epochs; epoch++) {
      const samples = source.epoch(options.seed + epoch);
      const learningRate = learningRateAt(epoch, options);
      const { loss, accuracy } = await trainEpoch(session, state, samples, learningRate, epoch, options);
      if (!(await onEpoch({ epoch, loss, accuracy, learningRate }))) break;
    }
  } finally {
    await session.release();
  }
}

async function trainEpoch(
  session: TrainingSession,
  state: NetworkState,
  samples: Samples,
  learningRate: number,
  epoch: number,
  options: TrainOptions,
): Promise<{ loss: number; accuracy: number }> {
  const seed = options.seed + epoch;
  const order = Array.from({ length: samples.count }, (_, i) => i);
  new SeededRandom(seed, SHUFFLE_STREAM).shuffle(order);
  const dropoutRandom = new SeededRandom(seed, DROPOUT_STREAM);
  let loss = 0;
  let right = 0;
  // Batches of almost equal size: a small rest would upset the batch normalization and weigh its samples more.
  const batches = Math.ceil(samples.count / options.batchSize);
  for (let index = 0; index < batches; index++) {
    const bounds = [index, index + 1].map((edge) => Math.round((edge * samples.count) / batches));
    const chosen = order.slice(...bounds);
    const batch = gatherBatch(samples, chosen, state.layout.shape.numClass, options);
    const result = await session.step(batch, learningRate, dropoutRandom);
    if (!Number.isFinite(result.loss)) {
      throw new Error(
        `the training loss became ${result.loss} in epoch ${epoch}: lower the learning rate (now ${learningRate})`,
      );
    }
    loss += result.loss;
    const { numClass } = state.layout.shape;
    chosen.forEach((sample, row) => {
      if (argmax(result.logits, row * numClass, numClass) === samples.labels[sample]) right++;
    });
  }
  return { loss: loss / batches, accuracy: right / samples.count };
}

function gatherBatch(
  samples: Samples,
  chosen: readonly number[],
  classes: number,
  options: TrainOptions,
): TrainingBatch {
  const size = samples.data.length / samples.count;
  const data = new Float32Array(chosen.length * size);
  const targets = new Float32Array(chosen.length * classes).fill(options.labelSmoothing / classes);
  const sampleWeights = new Float32Array(chosen.length);
  chosen.forEach((sample, row) => {
    data.set(samples.data.subarray(sample * size, (sample + 1) * size), row * size);
    const label = samples.labels[sample]!;
    targets[row * classes + label] = targets[row * classes + label]! + 1 - options.labelSmoothing;
    sampleWeights[row] = options.classWeights?.[label] ?? 1;
  });
  const total = sampleWeights.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < chosen.length; row++) sampleWeights[row] = sampleWeights[row]! / total;
  return { data, targets, sampleWeights, count: chosen.length };
}
