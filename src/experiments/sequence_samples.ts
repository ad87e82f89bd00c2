import { labelOf, sequenceWindow, windowPositions } from '../datasets/expression_windows.js';
import type { LandmarkFrames } from '../datasets/landmark_sources.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { beginsNeutral, ownNeutralFace } from '../datasets/neutral_faces.js';
import { expressionWindow } from '../datasets/recording_windows.js';
import { type LabelledView, viewSamples } from '../datasets/view_samples.js';
import type { WindowDescription } from '../learner/model_holder.js';
import type { Samples } from '../learner/samples.js';
import { comparesWithReference } from '../perception/window/window_features.js';

/**
 * Samples of sequences, made as a model's description of windows says.
 *
 * @param extractor what found the landmarks; null where it is not known, which only windows without a reference face allow
 * @throws InvalidInputError where a sequence's class is none of the model's, or the model does not know the extractor
 */
export function sequenceSamples(
  window: WindowDescription,
  classes: readonly string[],
  sequences: readonly LandmarkSequence[],
  extractor: string | null,
): Samples {
  const views = sequences.map((sequence) => ({
    ...sequenceView(sequence, window),
    extractor,
    label: labelOf(sequence, classes),
  }));
  return viewSamples(views, window.features, window.sequence_frames.length);
}

/**
 * The window of one sequence. Where a model compares with a reference face, that is the sequence's own neutral frame 0 where
 * there is one, else the extractor's mean neutral face.
 */
export function sequenceView(
  frames: LandmarkFrames,
  { features, sequence_frames }: WindowDescription,
): Pick<LabelledView, 'window' | 'ownNeutral'> {
  return comparesWithReference(features)
    ? { window: expressionWindow(frames, sequence_frames), ownNeutral: ownNeutralFace(frames) }
    : { window: sequenceWindow(frames, sequence_frames), ownNeutral: null };
}

/** Positions of the frames that `sequenceView` looks at, each once. */
export function viewedPositions(
  frames: Pick<LandmarkFrames, 'frameNumbers' | 'path'>,
  { features, sequence_frames }: WindowDescription,
): number[] {
  const { frameNumbers, path } = frames;
  const neutral = comparesWithReference(features) && beginsNeutral(frames) ? [0] : [];
  const rest = windowPositions(frameNumbers.length - neutral.length, sequence_frames, path);
  return [...new Set([...neutral, ...rest.map((position) => position + neutral.length)])];
}
