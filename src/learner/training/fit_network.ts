import { InvalidInputError } from '../../errors.js';
import type { InferenceParams } from '../checkpoint/metadata.js';
import type { Engine } from '../engine/engine.js';
import type { NetworkState } from '../network/network_state.js';
import type { ParsedFitOptions, ParsedLearnerOptions } from '../options.js';
import type { SampleSource } from '../samples.js';
import { readFitCheckpoint, writeFitCheckpoint } from './fit_checkpoints.js';
import type { TrainingSource, TrainOptions } from './train.js';
import { TrainingLog } from './training_log.js';
import { type EpochRecord, runTraining, type TrainingOutcome, type TrainingSnapshot } from './training_run.js';

export interface FitJob {
  /** Trained in place. */
  readonly state: NetworkState;
  readonly params: InferenceParams;
  readonly source: TrainingSource;
  readonly validation: SampleSource | null;
  readonly options: ParsedLearnerOptions;
  readonly fit: ParsedFitOptions;
  readonly engine: Engine;
  readonly onEpoch: (record: EpochRecord) => Promise<boolean> | boolean;
}

/** The options of the training itself, out of those of the learner and of `fit` or `networkBuilder`. */
export function trainOptionsOf(options: ParsedLearnerOptions, fit: ParsedFitOptions, engine: Engine): TrainOptions {
  const { optimizerName: name } = options;
  const { nesterov, momentum, weightDecay, signal } = fit;
  if (options.averageEpochs > 0 && options.earlyStoppingPatience > 0) {
    throw new InvalidInputError('averageEpochs', options.averageEpochs, '0 with earlyStoppingPatience', 'the options');
  }
  if (name === 'sgd' && nesterov && momentum === 0) {
    throw new InvalidInputError('momentum', momentum, 'more than 0 with nesterov, as in PyTorch', 'the options');
  }
  const { lr, lrSchedule, dropAfterEpoch, epochs, startEpoch, batchSize, labelSmoothing, classWeights, seed } = options;
  return {
    lr,
    lrSchedule,
    dropAfterEpoch,
    epochs,
    startEpoch,
    batchSize,
    optimizer: { name, nesterov, momentum, weightDecay },
    optimizerState: null,
    averageEpochs: options.averageEpochs,
    weightAverage: null,
    labelSmoothing,
    classWeights,
    seed,
    engine,
    signal,
  };
}

/** What of the options is written beside a model's weights. */
export function optimizerInfoOf(options: ParsedLearnerOptions): Record<string, unknown> {
  const { optimizerName, lr, epochs, batchSize, seed } = options;
  return { optimizer_name: optimizerName, lr, epochs, batch_size: batchSize, seed };
}

/**
 * Trains a network as the options say: from a checkpoint where `checkpointLoadIter` names one, with checkpoints after
 * every `checkpointAfterIter` epochs, and one where it is aborted.
 *
 * From the checkpoint of epoch `startEpoch` it goes on exactly as the run that wrote it (where that was the last epoch,
 * nothing is left to do); with another `startEpoch` the checkpoint gives the weights to start from, and the optimizer
 * begins anew.
 */
export async function fitNetwork(job: FitJob): Promise<TrainingOutcome> {
  const { state, params, options, fit } = job;
  const { checkpointAfterIter, checkpointLoadIter, startEpoch, epochs } = options;
  const done = startEpoch === epochs && checkpointLoadIter === epochs;
  if (startEpoch >= epochs && !done) {
    throw new InvalidInputError('startEpoch', startEpoch, `less than epochs (${epochs})`, 'the options');
  }
  let trainOptions = trainOptionsOf(options, fit, job.engine);
  if (checkpointLoadIter > 0) trainOptions = await startFromCheckpoint(job, trainOptions);
  const log = new TrainingLog({ ...fit, experimentName: options.experimentName });
  const write = (snapshot: TrainingSnapshot): Promise<string> =>
    writeFitCheckpoint(options, snapshot, options.optimizerName, params, optimizerInfoOf(options), state.layout);
  try {
    await log.line(`training [${params.topology.join(', ')}] with ${job.engine.describe()}`);
    const outcome = await runTraining({
      state,
      source: job.source,
      frames: params.num_frames,
      options: trainOptions,
      validation: job.validation,
      validateEvery: 'epoch',
      valBatchSize: options.valBatchSize,
      earlyStoppingPatience: options.earlyStoppingPatience,
      log,
      onEpoch: async (record, snapshot) => {
        if (checkpointAfterIter > 0 && (record.epoch + 1) % checkpointAfterIter === 0) await write(snapshot());
        return job.onEpoch(record);
      },
    });
    if (outcome.ended === 'aborted' && outcome.snapshot !== null) {
      await log.line(`stopped; training can go on from ${await write(outcome.snapshot)}`);
    }
    return outcome;
  } finally {
    await log.close();
  }
}

/** Gives the network the checkpoint's weights; where training goes on at its very epoch, its optimizer too. */
async function startFromCheckpoint({ state, options }: FitJob, trainOptions: TrainOptions): Promise<TrainOptions> {
  const checkpoint = await readFitCheckpoint(options, options.checkpointLoadIter);
  const [found, expected] = [checkpoint.state.layout.shape, state.layout.shape].map((shape) => JSON.stringify(shape));
  if (found !== expected) {
    throw new InvalidInputError("the checkpoint's network", found, `${expected}, as the options say`, options.tempPath);
  }
  state.parameters.set(checkpoint.state.parameters);
  state.statistics.set(checkpoint.state.statistics);
  state.batchesTracked = checkpoint.state.batchesTracked;
  const { optimizer } = checkpoint;
  const exact = options.startEpoch === checkpoint.epoch && optimizer?.name === trainOptions.optimizer.name;
  return exact ? { ...trainOptions, optimizerState: optimizer, weightAverage: checkpoint.weightAverage } : trainOptions;
}
