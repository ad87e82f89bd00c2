import { InvalidInputError } from '../errors.js';
import { SeededRandom } from '../learner/random/seeded_random.js';
import type { EpochSource, Samples } from '../learner/samples.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import type { WindowFeatures } from '../perception/window/window_features.js';
import { type Augmentation, augmentWindow, blendWithinClasses } from './augmentation.js';
import type { LandmarkSequence } from './landmark_tree.js';
import { viewSamples } from './view_samples.js';

/** The class of a face at rest, and of windows in which nothing happens. */
export const NEUTRAL = 'Neutral';

const FACE = 2 * LANDMARKS;

/** A window of landmarks (T, 68, 2) and the index of its class. */
export interface LabelledWindow {
  readonly window: Float32Array;
  readonly label: number;
}

/**
 * Where the frames of a window are in a sequence.
 *
 * @param count frames of the sequence
 * @param frames positions in the sequence; negative ones count from its end
 * @param path of the sequence, for the error
 * @returns positions, 0 to count - 1
 * @throws InvalidInputError where the sequence is too short
 */
export function windowPositions(count: number, frames: readonly number[], path: string): number[] {
  return frames.map((frame) => {
    const position = frame < 0 ? count + frame : frame;
    if (position < 0 || position >= count) {
      throw new InvalidInputError('the number of frames', count, `enough to take frame ${frame}`, path);
    }
    return position;
  });
}

/**
 * The frames of a sequence that make a window.
 *
 * @param frames positions in the sequence, oldest first; negative ones count from its end
 * @returns (frames.length, 68, 2), flat, in pixels
 */
export function sequenceWindow(
  sequence: Pick<LandmarkSequence, 'frameNumbers' | 'landmarks' | 'path'>,
  frames: readonly number[],
): Float32Array {
  const window = new Float32Array(frames.length * FACE);
  windowPositions(sequence.frameNumbers.length, frames, sequence.path).forEach((position, index) => {
    window.set(sequence.landmarks.subarray(position * FACE, (position + 1) * FACE), index * FACE);
  });
  return window;
}

/** The classes that occur, in alphabetical order; Neutral, if it is wanted, last. */
export function classesOf(labelled: readonly { readonly category: string }[], withNeutral: boolean): string[] {
  const classes = [...new Set(labelled.map(({ category }) => category))].filter((name) => name !== NEUTRAL).sort();
  return withNeutral ? [...classes, NEUTRAL] : classes;
}

/** @throws InvalidInputError naming a sequence whose class is none of `classes` */
export function labelOf(sequence: LandmarkSequence, classes: readonly string[]): number {
  const label = classes.indexOf(sequence.category);
  if (label < 0)
    throw new InvalidInputError('the class', sequence.category, `one of ${classes.join(', ')}`, sequence.path);
  return label;
}

/** Samples (N, 2, T, V, 1) made of windows that are compared with no reference face. */
export function samplesOf(windows: readonly LabelledWindow[], features: WindowFeatures, windowFrames: number): Samples {
  const views = windows.map((window) => ({ ...window, extractor: null, ownNeutral: null }));
  return viewSamples(views, features, windowFrames);
}

export interface TrainingWindowsOptions {
  readonly classes: readonly string[];
  readonly sequenceFrames: readonly number[];
  readonly features: WindowFeatures;
  readonly augmentation: Augmentation;
  /** Neutral windows an epoch, as a share of the sequences; 0 where the classes have no Neutral. */
  readonly neutralShare: number;
}

/** Training windows of sequences, freshly augmented in every epoch, with windows in which nothing happens among them. */
export class TrainingWindows implements EpochSource {
  private readonly windows: readonly LabelledWindow[];

  constructor(
    private readonly sequences: readonly LandmarkSequence[],
    private readonly options: TrainingWindowsOptions,
  ) {
    this.windows = sequences.map((sequence) => ({
      window: sequenceWindow(sequence, options.sequenceFrames),
      label: labelOf(sequence, options.classes),
    }));
  }

  epoch(seed: number): Samples {
    const { augmentation, features, sequenceFrames } = this.options;
    const random = new SeededRandom(seed, AUGMENTATION_STREAM);
    const windows = [...this.windows, ...this.neutralWindows(random)].map(({ window, label }) => ({
      window: augmentWindow(window, augmentation, random),
      label,
    }));
    const samples = samplesOf(windows, features, sequenceFrames.length);
    if (augmentation.blend > 0) blendWithinClasses(samples, augmentation.blend, random);
    return samples;
  }

  private neutralWindows(random: SeededRandom): LabelledWindow[] {
    const { classes, neutralShare, sequenceFrames } = this.options;
    const label = classes.indexOf(NEUTRAL);
    const count = Math.round(neutralShare * this.sequences.length);
    return Array.from({ length: count }, () => {
      const sequence = this.sequences[random.below(this.sequences.length)]!;
      const kind = random.uniform();
      const frames = NEUTRAL_KINDS.find(({ upTo }) => kind < upTo)!.frames(sequenceFrames);
      return { window: sequenceWindow(sequence, frames), label };
    });
  }
}

/** Tells augmentation's randomness apart from that of other uses of the same seed. */
const AUGMENTATION_STREAM = 103;

/**
 * Windows in which nothing happens: a resting face, or an expression that stays; and one that fades, after which the
 * face rests again.
 */
const NEUTRAL_KINDS: readonly { upTo: number; frames: (frames: readonly number[]) => number[] }[] = [
  { upTo: 0.6, frames: (frames) => frames.map(() => 0) },
  { upTo: 0.8, frames: (frames) => frames.map(() => -1) },
  { upTo: 1, frames: (frames) => frames.map((frame) => (frame === 0 ? -1 : 0)) },
];
