import { ExpectedError, InvalidInputError } from '../../errors.js';
import type { Engine, Optimizer, OptimizerState, TrainingBatch, TrainingStepper } from '../engine/engine.js';
import { argmax } from '../evaluation/classification_report.js';
import { indexOfNonFinite } from '../finite.js';
import { outputCount } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import { SeededRandom } from '../random/seeded_random.js';
import { checkFinite, type SampleSource, sampleSize } from '../samples.js';
import { type LearningRateOptions, learningRateAt } from './schedule.js';
import { WeightAverage } from './weight_average.js';

/** What training draws its epochs from. */
export interface TrainingSource {
  /** The samples of one epoch, their labels outputs of the network; the seed makes it repeatable. */
  epoch(seed: number): SampleSource | Promise<SampleSource>;
}

export interface TrainOptions extends LearningRateOptions {
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  /** What the optimizer has gathered in earlier epochs; null starts it anew. */
  readonly optimizerState: OptimizerState | null;
  /** The network becomes the mean of its weights after each of the last so many epochs; 0: it stays that of the last. */
  readonly averageEpochs: number;
  /** The mean of an earlier part of the training; null begins anew. */
  readonly weightAverage: Float32Array | null;
  /** Share of each target that is spread over all classes (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  /** Weight of each output in the loss, or null for equal ones; a batch's loss is the weighted mean, as PyTorch's. */
  readonly classWeights: readonly number[] | null;
  readonly startEpoch: number;
  readonly seed: number;
  readonly engine: Engine;
  /** Ends training after the batch in hand. */
  readonly signal: AbortSignal | null;
  /** Hears how many batches of an epoch are done. */
  readonly onBatch?: (epoch: number, done: number, batches: number) => void;
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
 * network and the optimizer's state of that epoch goes on exactly as the undisturbed one.
 *
 * With `averageEpochs`, the last epoch's loss and accuracy are those of the averaged network, in training mode.
 *
 * @param onEpoch called after each whole epoch, before the next begins; training ends early where it answers false
 * @returns whether it ran to its end; false where the signal cut an epoch short, whose network is then half trained
 * @throws InvalidInputError where the classes have not as many weights, or a sample an element that is no finite number
 * @throws ExpectedError where the loss or the weights are no longer finite
 */
export async function train(
  state: NetworkState,
  source: TrainingSource,
  frames: number,
  options: TrainOptions,
  onEpoch: (result: EpochResult, stepper: TrainingStepper, average: WeightAverage) => Promise<boolean> | boolean,
): Promise<boolean> {
  const { engine, optimizer, optimizerState, signal, classWeights } = options;
  const outputs = outputCount(state.layout.shape);
  if (classWeights !== null && classWeights.length !== outputs) {
    throw new InvalidInputError('classWeights', classWeights, `${outputs} weights, one for each output`, 'the options');
  }
  const average = new WeightAverage(options.epochs, options.averageEpochs, options.weightAverage);
  const stepper = await engine.openTraining(state, frames, optimizer, optimizerState ?? undefined);
  try {
    for (let epoch = options.startEpoch; epoch < options.epochs; epoch++) {
      const samples = await source.epoch(options.seed + epoch);
      const learningRate = learningRateAt(epoch, options);
      let trained = await trainEpoch(stepper, state, samples, learningRate, epoch, options);
      if (trained === null) return false;
      average.add(epoch, state.parameters);
      if (average.endsWith(epoch)) {
        state.parameters.set(average.copy()!);
        trained = await settleStatistics(stepper, state, source, options);
        if (trained === null) return false;
      }
      // The last step may have brought what no loss has shown yet.
      const finite = [state.parameters, state.statistics].every((values) => indexOfNonFinite(values) === -1);
      if (!finite) throw diverged("the network's weights", 'no longer finite', epoch, learningRate);
      if (!(await onEpoch({ epoch, ...trained, learningRate }, stepper, average))) break;
      if (signal?.aborted) return epoch + 1 === options.epochs;
    }
    return true;
  } finally {
    await stepper.release();
  }
}

/** Batches after which running statistics (momentum 0.1) have forgotten those of other weights, but for half a percent. */
const SETTLING_BATCHES = 50;

/**
 * Lets the running statistics follow weights that no training step has led to, by epochs at a learning rate of 0.
 *
 * @returns the mean over these epochs; null where the signal cut them short
 */
async function settleStatistics(
  stepper: TrainingStepper,
  state: NetworkState,
  source: TrainingSource,
  options: TrainOptions,
): Promise<{ loss: number; accuracy: number } | null> {
  let loss = 0;
  let accuracy = 0;
  let epochs = 0;
  for (let batches = 0; batches < SETTLING_BATCHES; epochs++) {
    const epoch = options.epochs + epochs;
    const samples = await source.epoch(options.seed + epoch);
    const result = await trainEpoch(stepper, state, samples, 0, epoch, options);
    if (result === null) return null;
    batches += Math.ceil(samples.count / options.batchSize);
    loss += result.loss;
    accuracy += result.accuracy;
  }
  return { loss: loss / epochs, accuracy: accuracy / epochs };
}

/** @returns null where the signal cut it short */
async function trainEpoch(
  stepper: TrainingStepper,
  state: NetworkState,
  samples: SampleSource,
  learningRate: number,
  epoch: number,
  options: TrainOptions,
): Promise<{ loss: number; accuracy: number } | null> {
  const seed = options.seed + epoch;
  const order = Array.from({ length: samples.count }, (_, i) => i);
  new SeededRandom(seed, SHUFFLE_STREAM).shuffle(order);
  const dropoutRandom = new SeededRandom(seed, DROPOUT_STREAM);
  const { classOfOutput } = state.layout.shape;
  const outputs = outputCount(state.layout.shape);
  const classOf = (output: number) => classOfOutput[output] ?? output;
  let loss = 0;
  let right = 0;
  // Batches of almost equal size: a small rest would upset the batch normalization and weigh its samples more.
  const batches = Math.ceil(samples.count / options.batchSize);
  for (let index = 0; index < batches; index++) {
    if (options.signal?.aborted) return null;
    const bounds = [index, index + 1].map((edge) => Math.round((edge * samples.count) / batches));
    const chosen = order.slice(...bounds);
    const batch = await gatherBatch(samples, chosen, outputs, options);
    const result = await stepper.step(batch, learningRate, dropoutRandom);
    if (!Number.isFinite(result.loss)) {
      throw diverged('the training loss', String(result.loss), epoch, learningRate);
    }
    loss += result.loss;
    chosen.forEach((sample, row) => {
      if (classOf(argmax(result.logits, row * outputs, outputs)) === classOf(samples.labels[sample]!)) right++;
    });
    if (epoch < options.epochs) options.onBatch?.(epoch, index + 1, batches);
  }
  return { loss: loss / batches, accuracy: right / samples.count };
}

function diverged(what: string, became: string, epoch: number, learningRate: number): ExpectedError {
  return new ExpectedError(`${what} became ${became} in epoch ${epoch}: lower the learning rate (now ${learningRate})`);
}

async function gatherBatch(
  samples: SampleSource,
  chosen: readonly number[],
  outputs: number,
  options: TrainOptions,
): Promise<TrainingBatch> {
  const data = new Float32Array(chosen.length * sampleSize(samples.dims));
  await samples.gather(chosen, data);
  checkFinite(samples, chosen, data);
  const targets = new Float32Array(chosen.length * outputs).fill(options.labelSmoothing / outputs);
  const sampleWeights = new Float32Array(chosen.length);
  chosen.forEach((sample, row) => {
    const label = samples.labels[sample]!;
    targets[row * outputs + label] = targets[row * outputs + label]! + 1 - options.labelSmoothing;
    sampleWeights[row] = options.classWeights?.[label] ?? 1;
  });
  const total = sampleWeights.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < chosen.length; row++) sampleWeights[row] = sampleWeights[row]! / total;
  return { data, targets, sampleWeights, count: chosen.length };
}
