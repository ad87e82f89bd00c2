import { labelOf, sequenceWindow } from '../datasets/expression_windows.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { ownNeutralFace } from '../datasets/neutral_faces.js';
import { expressionWindow } from '../datasets/recording_windows.js';
import { viewSamples } from '../datasets/view_samples.js';
import type { WindowDescription } from '../learner/applied_network.js';
import type { Samples } from '../learner/samples.js';

/**
 * Samples of sequences, made as a model's description of windows says. Where it compares with a reference face, that is the
 * sequence's own neutral frame 0 where there is one, else the extractor's mean neutral face.
 *
 * @param extractor what found the landmarks; null where it is not known, which only windows without a reference face allow
 * @throws InvalidInputError where a sequence's class is none of the model's, or the model does not know the extractor
 */
export function sequenceSamples(
  { features, sequence_frames: frames }: WindowDescription,
  classes: readonly string[],
  sequences: readonly LandmarkSequence[],
  extractor: string | null,
): Samples {
  const compared = features.representation === 'displacement_from_reference';
  const views = sequences.map((sequence) => ({
    extractor,
    label: labelOf(sequence, classes),
    window: compared ? expressionWindow(sequence, frames) : sequenceWindow(sequence, frames),
    ownNeutral: compared ? ownNeutralFace(sequence) : null,
  }));
  return viewSamples(views, features, frames.length);
}
