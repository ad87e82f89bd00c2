import { labelOf, samplesOf, sequenceWindow } from '../datasets/expression_windows.js';
import type { LandmarkSequence } from '../datasets/landmark_tree.js';
import { InvalidInputError } from '../errors.js';
import type { ProgressiveSpatioTemporalBLNLearner } from '../learner/progressive_spatio_temporal_bln_learner.js';
import type { Samples } from '../learner/samples.js';

/**
 * Samples of sequences, made as the learner's model says.
 *
 * @throws InvalidInputError where the model does not say, or a sequence's class is none of the model's
 */
export function sequenceSamples(
  learner: ProgressiveSpatioTemporalBLNLearner,
  sequences: readonly LandmarkSequence[],
): Samples {
  const { window } = learner;
  if (window === null) {
    throw new InvalidInputError(
      'inference_params.window',
      undefined,
      'a description of windows',
      "the model's metadata",
    );
  }
  const windows = sequences.map((sequence) => ({
    window: sequenceWindow(sequence, window.sequence_frames),
    label: labelOf(sequence, learner.classes),
  }));
  return samplesOf(windows, window.features, window.sequence_frames.length);
}
