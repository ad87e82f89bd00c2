import { z } from 'zod';
import { SeededRandom } from '../learner/random/seeded_random.js';
import type { EpochSource, Samples } from '../learner/samples.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { pointCount, type WindowFeatures, type WindowPreparer } from '../perception/window/window_features.js';
import { apportion } from './apportion.js';
import {
  type Augmentation,
  addJitter,
  addOffset,
  blendWithinClasses,
  mirrorWindow,
  scaleFrom,
  turnFaces,
} from './augmentation.js';
import { NEUTRAL } from './expression_windows.js';
import type { RecordingWindow } from './recording_windows.js';
import { preparersByExtractor } from './view_samples.js';

const share = z.number().min(0);

const streamName = z.enum(['mean_reference', 'own_reference', 'moved_expressions', 'stills']);
type StreamName = z.output<typeof streamName>;

/** How the windows of an epoch are drawn from sources of landmarks. */
export const samplingSchema = z.strictObject({
  /** Windows of an epoch. */
  epoch_size: z.int().min(1).default(2048),
  /** Shares of an epoch; what there are no data for is left to the others. */
  streams: z
    .strictObject({
      /** Sequences, compared with the extractor's mean neutral face, as of a person who is not known. */
      mean_reference: share.default(0.35),
      /** Sequences, compared with the person's own neutral first frame. */
      own_reference: share.default(0.3),
      /**
       * Sequences' changes from their own neutral first frame, on the neutral faces of other people (stills), compared
       * with the extractor's mean neutral face: few people were filmed, and an expression is not to be told by whose
       * face it is on.
       */
      moved_expressions: share.default(0),
      /** Stills, compared with the extractor's mean neutral face. */
      stills: share.default(0.35),
    })
    .refine((shares) => Object.values(shares).some((value) => value > 0), { message: 'a share above 0' })
    .prefault({}),
  /**
   * Streams whose classes have outputs of their own in the network, which add up (see `classLogits`): what is shown on
   * purpose and what a press photo happens to show look different.
   */
  own_outputs: z.array(streamName).default([]),
  /**
   * Probability that the person's own neutral face is fully known; else it is mixed with the extractor's mean one, as of a
   * track that has not been seen for long.
   */
  certain_reference: z.number().min(0).max(1).default(0.6),
  /**
   * The classes of `moved_expressions`; left out, all. What press photos show has stills of its own to learn from, and is only
   * blurred by expressions that were posed.
   */
  moved_classes: z.array(z.string().min(1)).min(1).optional(),
  /** By class: its share of each stream, relative to that of a class which is not named. */
  class_shares: z.record(z.string(), z.number().min(0)).default({}),
  /** By extractor: how often its view of a window is drawn, relative to that of an extractor which is not named. */
  extractor_shares: z.record(z.string(), z.number().positive()).default({}),
  /** Extractors whose landmarks are learned; left out, all. What is held out is answered through all of them. */
  extractors: z.array(z.string().min(1)).min(1).optional(),
});

export type Sampling = z.output<typeof samplingSchema>;

export interface SampledWindowsOptions {
  readonly classes: readonly string[];
  readonly windowFrames: number;
  readonly features: WindowFeatures;
  readonly sampling: Sampling;
  readonly augmentation: Augmentation;
}

const FACE = 2 * LANDMARKS;

/** Tells this randomness apart from that of other uses of the same seed. */
const SAMPLING_STREAM = 104;

/** A window as one extractor sees it, aligned to the mean face. */
interface AlignedView {
  /** How often it is drawn, relative to the other views of its window. */
  readonly share: number;
  readonly preparer: WindowPreparer;
  /** (T, 68, 2) */
  readonly frames: Float32Array;
  /** (68, 2) */
  readonly own: Float32Array | null;
}

/** Windows, each with its views. */
type Windows = readonly (readonly AlignedView[])[];

/** Windows by class that are drawn from together. */
interface Stream {
  readonly share: number;
  readonly ownReference: boolean;
  /** The faces that a drawn expression is moved to; null leaves it where it is. */
  readonly movedTo: Windows | null;
  readonly byClass: readonly Windows[];
  /** By class: the network's output that stands for it. */
  readonly outputs: readonly number[];
}

/**
 * How strong a moved expression is, relative to the original: from the least to the most. Faces in press photos show less than
 * posed ones: where the stills of one class were replaced by moved expressions, a linear classifier found 0.57 of the stills of
 * Surprise, 0.71 of Happy and 0.31 of Sad with these strengths, 0.45, 0.57 and 0.21 with 0.6 to 1.2, and 0.31, 0.41 and 0.04
 * with the sequences as they are (dlib's points; 0.69, 0.73 and 0.40 with stills of all classes).
 */
const MOVED_STRENGTH = { least: 0.3, most: 0.8 };

/**
 * Training windows drawn from recordings, freshly for each epoch: in each stream the classes have set shares, whatever
 * their number of recordings; a window is drawn from its class, then one of the extractors that saw it; then it is
 * augmented. Faces are aligned once; augmentation changes them in the mean face's units, and aligns them again.
 */
export class SampledWindows implements EpochSource {
  readonly #options: SampledWindowsOptions;
  readonly #streams: readonly Stream[];
  /** For each output of a network that learns the windows its class; empty where each class has one output. */
  readonly classOfOutput: readonly number[];

  constructor(windows: readonly RecordingWindow[], options: SampledWindowsOptions) {
    this.#options = options;
    const { classes, sampling } = options;
    const align = viewAligner(options);
    const aligned = windows.map(({ source, category, views }) => ({
      source,
      label: classes.indexOf(category),
      views: views.map(align),
    }));
    type Entry = (typeof aligned)[number];
    const classOfOutput = classes.map((_, label) => label);
    const outputsOf = (name: StreamName, byClass: readonly Windows[]): number[] =>
      sampling.own_outputs.includes(name)
        ? byClass.map((all, label) => (all.length === 0 ? label : classOfOutput.push(label) - 1))
        : classes.map((_, label) => label);
    const stream = (
      name: StreamName,
      of: (entry: Entry) => readonly AlignedView[],
      { ownReference = false, movedTo = null }: Partial<Stream> = {},
    ): Stream => {
      const byClass = classes.map((_, label) =>
        aligned.flatMap((entry) => (entry.label === label && of(entry).length > 0 ? [of(entry)] : [])),
      );
      const empty = byClass.every((all) => all.length === 0) || movedTo?.length === 0;
      const share = empty ? 0 : sampling.streams[name];
      return { share, ownReference, movedTo, byClass, outputs: outputsOf(name, byClass) };
    };
    const withOwn = ({ views }: Entry) => views.filter(({ own }) => own !== null);
    const isMoved = ({ source, label }: Entry) =>
      source === 'sequences' && (sampling.moved_classes?.includes(classes[label]!) ?? true);
    const neutral = classes.indexOf(NEUTRAL);
    const neutralStills = aligned.filter(({ source, label }) => source === 'stills' && label === neutral);
    this.#streams = [
      stream('mean_reference', ({ source, views }) => (source === 'stills' ? [] : views)),
      stream('own_reference', withOwn, { ownReference: true }),
      stream('moved_expressions', (entry) => (isMoved(entry) ? withOwn(entry) : []), {
        movedTo: neutralStills.map(({ views }) => views),
      }),
      stream('stills', ({ source, views }) => (source === 'stills' ? views : [])),
    ];
    this.classOfOutput = classOfOutput.length > classes.length ? classOfOutput : [];
  }

  /** The samples' labels are outputs: see `classOfOutput`. */
  epoch(seed: number): Samples {
    const { classes, windowFrames, features, sampling, augmentation } = this.#options;
    const random = new SeededRandom(seed, SAMPLING_STREAM);
    const size = 2 * windowFrames * pointCount(features);
    const count = sampling.epoch_size;
    const data = new Float32Array(count * size);
    const labels = new Int32Array(count);
    // Streams are not blended with each other: a posed expression and one in the wild are not two ends of one.
    const groups = new Int32Array(count);
    let next = 0;
    const shares = this.#streams.map((stream) => stream.share);
    apportion(count, shares).forEach((streamCount, index) => {
      const { byClass, ownReference, movedTo, outputs } = this.#streams[index]!;
      if (streamCount === 0) return;
      const weights = byClass.map((all, label) =>
        all.length === 0 ? 0 : (sampling.class_shares[classes[label]!] ?? 1),
      );
      apportion(streamCount, weights).forEach((classCount, label) => {
        for (let i = 0; i < classCount; i++, next++) {
          const drawn = drawView(byClass[label]!, random);
          const view = movedTo === null ? drawn : movedView(drawn, drawView(movedTo, random), random);
          this.#draw(view, ownReference, random, data.subarray(next * size, (next + 1) * size));
          labels[next] = outputs[label]!;
          groups[next] = index * classes.length + label;
        }
      });
    });
    if (augmentation.blend > 0) blendWithinClasses({ data, labels: groups, count }, augmentation.blend, random);
    return { data, labels, count };
  }

  /** Writes an augmented sample of a view. */
  #draw(
    { preparer, frames, own }: AlignedView,
    ownReference: boolean,
    random: SeededRandom,
    sample: Float32Array,
  ): void {
    const { augmentation, sampling } = this.#options;
    const mirrored = random.uniform() < augmentation.mirror;
    const window = mirrored ? mirrorWindow(frames) : frames.slice();
    const extractorFace = preparer.extractorFace!;
    const face = ownReference ? (mirrored ? mirrorWindow(own!) : own!.slice()) : null;
    if (augmentation.strength > 0)
      scaleFrom(window, face ?? extractorFace, 1 + augmentation.strength * random.normal());
    if (augmentation.turn > 0) {
      turnFaces(window, augmentation.turn, random);
      if (face !== null) turnFaces(face, augmentation.turn, random);
    }
    if (augmentation.offset > 0) {
      const offset = addOffset(window, augmentation.offset, random);
      if (face !== null) for (let i = 0; i < FACE; i++) face[i] = face[i]! + offset[i]!;
    }
    // Not of the reference, which is a mean over time where it is live.
    if (augmentation.jitter > 0) addJitter(window, augmentation.jitter * random.uniform(), random);
    if (face === null) {
      preparer.prepare(window, sample);
      return;
    }
    preparer.alignment.align(face, face);
    const known = random.uniform() < sampling.certain_reference ? 1 : random.uniform();
    preparer.prepare(window, sample, mixedFace(extractorFace, face, known));
  }
}

/** One of the views of one of the windows. */
function drawView(windows: Windows, random: SeededRandom): AlignedView {
  const views = windows[random.below(windows.length)]!;
  let rest = random.uniform() * views.reduce((sum, { share }) => sum + share, 0);
  for (const view of views) {
    rest -= view.share;
    if (rest < 0) return view;
  }
  return views.at(-1)!;
}

/** What changes in `expression` from its own neutral face, on the neutral face that the last frame of `face` shows. */
function movedView(expression: AlignedView, face: AlignedView, random: SeededRandom): AlignedView {
  const { least, most } = MOVED_STRENGTH;
  const strength = least + (most - least) * random.uniform();
  const to = face.frames.subarray(face.frames.length - FACE);
  const frames = expression.frames.map((value, i) => to[i % FACE]! + strength * (value - expression.own![i % FACE]!));
  return { share: face.share, preparer: face.preparer, frames, own: null };
}

/** A face on the way from one (share 0) to another (share 1). */
function mixedFace(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return from.map((value, i) => value + share * (to[i]! - value));
}

/** Aligns views to the mean face, with one preparer an extractor. */
function viewAligner({ features, windowFrames, sampling }: SampledWindowsOptions) {
  const preparerOf = preparersByExtractor(features, windowFrames);
  return ({ extractor, window, ownNeutral }: RecordingWindow['views'][number]): AlignedView => {
    const preparer = preparerOf(extractor);
    const { alignment } = preparer;
    const frames = new Float32Array(window.length);
    for (let at = 0; at < window.length; at += FACE) {
      alignment.align(window.subarray(at, at + FACE), frames.subarray(at, at + FACE));
    }
    const share = sampling.extractor_shares[extractor] ?? 1;
    return { share, preparer, frames, own: ownNeutral && alignment.align(ownNeutral) };
  };
}
