import type { NetworkPasses, OptimizerState, TrainingStepper } from '../engine/engine.js';
import { lossAndAccuracy } from '../evaluation/loss_and_accuracy.js';
import type { NetworkState } from '../network/network_state.js';
import type { SampleSource } from '../samples.js';
import { type EpochResult, type TrainingSource, type TrainOptions, train } from './train.js';
import type { TrainingLog } from './training_log.js';
import type { WeightAverage } from './weight_average.js';

/** One epoch with its validation, in one pass without dropout; null without validation data. */
export interface EpochRecord extends EpochResult {
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
}

/** What a training needs to go on later exactly as if it had not been interrupted. */
export interface TrainingSnapshot {
  /** Epochs done. */
  readonly epoch: number;
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
  readonly batchesTracked: number;
  readonly optimizerState: OptimizerState;
  /** The mean of the weights so far, where they are averaged. */
  readonly weightAverage: Float32Array | null;
}

export interface TrainingRun {
  /** Trained in place. */
  readonly state: NetworkState;
  readonly source: TrainingSource;
  readonly frames: number;
  readonly options: TrainOptions;
  readonly validation: SampleSource | null;
  /** Validates after every epoch, or only after the last one. */
  readonly validateEvery: 'epoch' | 'run';
  readonly valBatchSize: number;
  /** Epochs without a better loss after which training ends; 0: never. */
  readonly earlyStoppingPatience: number;
  readonly log: TrainingLog;
  /** Hears of every epoch; training ends early where it answers false. */
  readonly onEpoch: (record: EpochRecord, snapshot: () => TrainingSnapshot) => Promise<boolean> | boolean;
}

export interface TrainingOutcome {
  readonly epochs: readonly EpochRecord[];
  /** The network as it is now; where training was aborted, that of its last whole epoch. */
  readonly snapshot: TrainingSnapshot | null;
  readonly ended: 'finished' | 'stopped early' | 'aborted';
}

/**
 * Trains with validation, early stopping and logs. Where it is aborted within an epoch, or fails, the network goes back
 * to where that epoch began.
 */
export async function runTraining(run: TrainingRun): Promise<TrainingOutcome> {
  const { state, validation, options, log } = run;
  const passes = validation && (await options.engine.openInference(state, run.frames, 'fed'));
  const epochs: EpochRecord[] = [];
  let snapshot: TrainingSnapshot | null = null;
  let stoppedEarly = false;
  let whole = false;
  let best = { loss: Number.POSITIVE_INFINITY, epoch: -1 };
  const began = {
    parameters: state.parameters.slice(),
    statistics: state.statistics.slice(),
    batchesTracked: state.batchesTracked,
  };
  try {
    whole = await train(
      state,
      run.source,
      run.frames,
      { ...options, onBatch: (epoch, done, batches) => log.batch(epoch, done, batches, options.epochs) },
      async (result, stepper, average) => {
        const validated = run.validateEvery === 'epoch' || result.epoch + 1 === options.epochs;
        const record = { ...result, ...(await validate(validated ? passes : null, run)) };
        epochs.push(record);
        snapshot = snapshotOf(state, stepper, average, result.epoch + 1);
        await log.epoch(record, options.epochs);
        const loss = record.valLoss ?? record.loss;
        if (loss < best.loss) best = { loss, epoch: record.epoch };
        stoppedEarly = run.earlyStoppingPatience > 0 && record.epoch - best.epoch >= run.earlyStoppingPatience;
        const goesOn = await run.onEpoch(record, () => snapshot!);
        if (!goesOn) stoppedEarly = true;
        return goesOn && !stoppedEarly;
      },
    );
    return { epochs, snapshot, ended: !whole ? 'aborted' : stoppedEarly ? 'stopped early' : 'finished' };
  } finally {
    if (!whole) restore(state, snapshot ?? began);
    await passes?.release();
  }
}

async function validate(
  passes: NetworkPasses | null,
  { validation, valBatchSize, state }: TrainingRun,
): Promise<{ valLoss: number | null; valAccuracy: number | null }> {
  if (passes === null || validation === null) return { valLoss: null, valAccuracy: null };
  const { loss, accuracy } = await lossAndAccuracy(passes, validation, valBatchSize, state.layout.shape.numClass);
  return { valLoss: loss, valAccuracy: accuracy };
}

function snapshotOf(
  state: NetworkState,
  stepper: TrainingStepper,
  average: WeightAverage,
  epoch: number,
): TrainingSnapshot {
  return {
    epoch,
    parameters: state.parameters.slice(),
    statistics: state.statistics.slice(),
    batchesTracked: state.batchesTracked,
    optimizerState: stepper.optimizerState(),
    weightAverage: average.copy(),
  };
}

function restore(
  state: NetworkState,
  { parameters, statistics, batchesTracked }: Pick<TrainingSnapshot, 'parameters' | 'statistics' | 'batchesTracked'>,
): void {
  state.parameters.set(parameters);
  state.statistics.set(statistics);
  state.batchesTracked = batchesTracked;
}
