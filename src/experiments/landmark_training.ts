import { NEUTRAL, TrainingWindows } from '../datasets/expression_windows.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { meanFace } from '../datasets/mean_face.js';
import type { WindowDescription } from '../learner/applied_network.js';
import type { EpochSource } from '../learner/samples.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { pointCount } from '../perception/window/window_features.js';
import type { LandmarkRecipe } from './recipe.js';

/** Training samples made of landmark sequences. */
export interface LandmarkTraining {
  /** Freshly augmented windows for each epoch. */
  readonly source: EpochSource;
  /** How the windows are made, for the metadata. */
  readonly window: WindowDescription;
  /** V of a sample. */
  readonly numPoint: number;
}

/** Training windows of sequences as a recipe says; the mean face is that of the sequences' first frames. */
export function landmarkTraining(
  { window, augmentation, neutral_share: neutralShare }: LandmarkRecipe,
  sequences: readonly LandmarkSequence[],
  classes: readonly string[],
): LandmarkTraining {
  const firstFrames = sequences.map(({ landmarks }) => landmarks.slice(0, 2 * LANDMARKS));
  const features = {
    points: window.points,
    alignment: window.alignment,
    representation: window.representation,
    mean_face: Array.from(meanFace(firstFrames), (value) => Number(value.toFixed(6))),
  };
  const source = new TrainingWindows(sequences, {
    classes,
    sequenceFrames: window.sequence_frames,
    features,
    augmentation,
    neutralShare: classes.includes(NEUTRAL) ? neutralShare : 0,
  });
  return {
    source,
    window: { ages_seconds: window.ages_seconds, sequence_frames: window.sequence_frames, features },
    numPoint: pointCount(features),
  };
}
