import type { WindowDescription } from '../learner/model_holder.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { WindowPreparer } from '../perception/window/window_features.js';
import { centredSample, pointsOf, type SamplePoints } from './landmark_samples.js';
import { faceForMetadata, meanFace } from './mean_face.js';
import type { PreparedPart } from './prepared_folder.js';
import { partNames } from './prepared_folder.js';
import type { NamedSample } from './prepared_samples.js';

/** The frames of a sequence that make a sample. */
export interface SequenceWindow {
  readonly name: string;
  /** (T, 68, 2) in pixels, flat. */
  readonly window: Float32Array;
  readonly label: number;
}

/** How a live window stands for the frames of a sample. */
export type WindowTimes = Pick<WindowDescription, 'ages_seconds' | 'sequence_frames'>;

/** Samples, and how a live window becomes one: null where it cannot, as the size of the face is left in. */
export interface SequenceSamples {
  readonly samples: readonly NamedSample[];
  readonly window: WindowDescription | null;
}

/** Samples with the point below the nose at the origin in each frame, in pixels. */
export function centredSamples(windows: readonly SequenceWindow[], points: SamplePoints): SequenceSamples {
  const samples = windows.map(({ name, window, label }) => ({ name, label, data: centredSample(window, points) }));
  return { samples, window: null };
}

/**
 * Samples whose frames are brought to the place, size and tilt of the mean of first frames, by some of the points, as a live
 * node does it: in units of the distance of the eyes' outer corners.
 *
 * @param learned whose first frames the mean is of
 */
export function alignedSamples(
  windows: readonly SequenceWindow[],
  points: SamplePoints,
  alignment: 'all' | 'inner' | 'steady',
  times: WindowTimes,
  learned: readonly SequenceWindow[] = windows,
): SequenceSamples & { readonly window: WindowDescription } {
  const firstFrames = learned.map(({ window }) => window.subarray(0, 2 * LANDMARKS));
  const mean_face = faceForMetadata(meanFace(firstFrames));
  const features = { points, alignment, representation: 'position' as const, mean_face };
  const frames = times.ages_seconds.length;
  const preparer = new WindowPreparer(features, frames, null);
  const samples = windows.map(({ name, window, label }) => {
    const data = new Float32Array(2 * frames * pointsOf(points));
    preparer.prepare(window, data);
    return { name, label, data };
  });
  return { samples, window: { ...times, features } };
}

/** A data file of a fold, and its samples. */
export interface FoldPart {
  readonly part: PreparedPart;
  readonly samples: readonly NamedSample[];
}

/** The training and validation data of each fold. @param foldOf of each sample */
export function foldParts(samples: readonly NamedSample[], foldOf: readonly number[], folds: number): FoldPart[] {
  return Array.from({ length: folds }, (_, fold) => [
    { part: partNames('train', fold), samples: samples.filter((_sample, i) => foldOf[i] !== fold) },
    { part: partNames('val', fold), samples: samples.filter((_sample, i) => foldOf[i] === fold) },
  ]).flat();
}
