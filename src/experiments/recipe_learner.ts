import type { EngineName } from '../learner/engine/engine.js';
import type { Device } from '../learner/onnx/device.js';
import type { FitOptions, LearnerOptions } from '../learner/options.js';
import type { Recipe } from './recipe.js';

/** Where and how a learner works: what does not change its result but for rounding. */
export interface Workplace {
  readonly engine: EngineName;
  readonly device: Device;
  /** Threads on the processor; 0 takes all cores. */
  readonly threads: number;
  /** Folder of checkpoints and of what building writes. */
  readonly tempPath: string;
  /** Folder of log.txt and of the TensorBoard files; '' writes none. */
  readonly loggingPath: string;
  readonly checkpointAfterIter: number;
  /** The epoch of the checkpoint that training goes on from; 0 begins anew. */
  readonly resumeEpoch: number;
  readonly silent: boolean;
  readonly signal: AbortSignal | null;
}

/** Options of a learner as a recipe has them. */
export function recipeLearnerOptions(
  recipe: Recipe,
  { classes, seed }: { readonly classes: readonly string[]; readonly seed: number },
  { engine, device, threads, tempPath, checkpointAfterIter, resumeEpoch }: Workplace,
): LearnerOptions {
  const { network, building, training } = recipe;
  return {
    topology: network.topology,
    blockSize: network.block_size,
    dropoutRate: network.dropout_rate,
    numLayers: building.num_layers,
    numBlocks: building.num_blocks,
    layerThreshold: building.layer_threshold,
    blockThreshold: building.block_threshold,
    criterion: building.criterion,
    numClass: classes.length,
    classes: [...classes],
    datasetName: recipe.dataset_name,
    experimentName: recipe.name,
    epochs: training.epochs,
    batchSize: training.batch_size,
    optimizerName: training.optimizer_name,
    lr: training.lr,
    lrSchedule: training.lr_schedule,
    dropAfterEpoch: training.drop_after_epoch,
    labelSmoothing: training.label_smoothing,
    classWeights: training.class_weights,
    earlyStoppingPatience: training.early_stopping_patience,
    averageEpochs: training.average_epochs,
    seed,
    engine,
    device,
    threads,
    tempPath,
    checkpointAfterIter,
    checkpointLoadIter: resumeEpoch,
    startEpoch: resumeEpoch,
  };
}

/**
 * Options of `fit` and `networkBuilder` as a recipe has them. The answers that are reported on come later, with the
 * temperature: training's own evaluation makes one pass.
 */
export function recipeFitOptions({ training }: Recipe, { loggingPath, silent, signal }: Workplace): FitOptions {
  const { momentum, nesterov, weight_decay: weightDecay } = training;
  return { momentum, nesterov, weightDecay, loggingPath, silent, signal, monteCarloDropout: false };
}
