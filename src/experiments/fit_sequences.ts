import { NEUTRAL, TrainingWindows, type TrainingWindowsOptions } from '../datasets/expression_windows.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { meanFace } from '../datasets/mean_face.js';
import type { Device } from '../learner/onnx/device.js';
import { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import type { EpochResult } from '../learner/training/train.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { pointCount } from '../perception/window/window_features.js';
import type { Recipe } from './recipe.js';

export interface FitSequencesOptions {
  readonly classes: readonly string[];
  readonly seed: number;
  readonly device: Device;
  readonly threads: number;
  readonly onEpoch: (result: EpochResult) => void;
}

/** Trains a learner on landmark sequences as a recipe says; the caller releases it. */
export async function fitSequences(
  recipe: Recipe,
  sequences: readonly LandmarkSequence[],
  { classes, seed, device, threads, onEpoch }: FitSequencesOptions,
): Promise<ProgressiveSpatioTemporalBLNLearner> {
  const { window, network, training } = recipe;
  const firstFrames = sequences.map(({ landmarks }) => landmarks.slice(0, 2 * LANDMARKS));
  const features = {
    points: window.points,
    alignment: window.alignment,
    representation: window.representation,
    mean_face: Array.from(meanFace(firstFrames), (value) => Number(value.toFixed(6))),
  };
  const windows: TrainingWindowsOptions = {
    classes,
    sequenceFrames: window.sequence_frames,
    features,
    augmentation: recipe.augmentation,
    neutralShare: classes.includes(NEUTRAL) ? recipe.neutral_share : 0,
  };
  const learner = new ProgressiveSpatioTemporalBLNLearner({
    topology: network.topology,
    blockSize: network.block_size,
    dropoutRate: network.dropout_rate,
    numPoint: pointCount(features),
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
    seed,
    device,
    threads,
  });
  const { momentum, nesterov, weight_decay: weightDecay } = training;
  await learner.fit(new TrainingWindows(sequences, windows), null, { momentum, nesterov, weightDecay }, (result) => {
    onEpoch(result);
    return true;
  });
  learner.window = { ages_seconds: window.ages_seconds, sequence_frames: window.sequence_frames, features };
  return learner;
}
