import { z } from 'zod';
import { SeededRandom } from '../learner/random/seeded_random.js';
import type { EpochSource, Samples } from '../learner/samples.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { pointCount, type WindowFeatures, WindowPreparer } from '../perception/window/window_features.js';
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
import type { RecordingWindow } from './recording_windows.js';

const share = z.number().min(0);

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
      /** Stills, compared with the extractor's mean neutral face. */
      stills: share.default(0.35),
    })
    .refine(({ mean_reference, own_reference, stills }) => mean_reference + own_reference + stills > 0, {
      message: 'a share above 0',
    })
    .prefault({}),
  /**
   * Probability that the person's own neutral face is fully known; else it is mixed with the extractor's mean one, as of a
   * track that has not been seen for long.
   */
  certain_reference: z.number().min(0).max(1).default(0.6),
  /** By class: its share of each stream, relative to that of a class which is not named. */
  class_shares: z.record(z.string(), z.number().min(0)).default({}),
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
  readonly preparer: WindowPreparer;
  /** (T, 68, 2) */
  readonly frames: Float32Array;
  /** (68, 2) */
  readonly own: Float32Array | null;
}

/** Windows by class that are drawn from together, each with its views. */
interface Stream {
  readonly share: number;
  readonly ownReference: boolean;
  readonly byClass: readonly (readonly (readonly AlignedView[])[])[];
}

/**
 * Training windows drawn from recordings, freshly for each epoch: in each stream the classes have set shares, whatever
 * their number of recordings; a window is drawn from its class, then one of the extractors that saw it; then it is
 * augmented. Faces are aligned once; augmentation changes them in the mean face's units, and aligns them again.
 */
export class SampledWindows implements EpochSource {
  readonly #options: SampledWindowsOptions;
  readonly #streams: readonly Stream[];

  constructor(windows: readonly RecordingWindow[], options: SampledWindowsOptions) {
    this.#options = options;
    const { classes, sampling } = options;
    const align = viewAligner(options);
    const aligned = windows.map(({ source, category, views }) => ({
      source,
      label: classes.indexOf(category),
      views: views.map(align),
    }));
    const stream = (share: number, ownReference: boolean, of: (entry: (typeof aligned)[number]) => AlignedView[]) => {
      const byClass = classes.map((): AlignedView[][] => []);
      for (const entry of aligned) {
        const views = of(entry);
        if (views.length > 0) byClass[entry.label]!.push(views);
      }
      return { share: byClass.some((all) => all.length > 0) ? share : 0, ownReference, byClass };
    };
    const { mean_reference, own_reference, stills } = sampling.streams;
    this.#streams = [
      stream(mean_reference, false, ({ source, views }) => (source === 'stills' ? [] : views)),
      stream(own_reference, true, ({ views }) => views.filter(({ own }) => own !== null)),
      stream(stills, false, ({ source, views }) => (source === 'stills' ? views : [])),
    ];
  }

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
      const { byClass, ownReference } = this.#streams[index]!;
      if (streamCount === 0) return;
      const weights = byClass.map((all, label) =>
        all.length === 0 ? 0 : (sampling.class_shares[classes[label]!] ?? 1),
      );
      apportion(streamCount, weights).forEach((classCount, label) => {
        for (let i = 0; i < classCount; i++, next++) {
          const views = byClass[label]![random.below(byClass[label]!.length)]!;
          const view = views[random.below(views.length)]!;
          this.#draw(view, ownReference, random, data.subarray(next * size, (next + 1) * size));
          labels[next] = label;
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

/** A face on the way from one (share 0) to another (share 1). */
function mixedFace(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return from.map((value, i) => value + share * (to[i]! - value));
}

/** Aligns views to the mean face, with one preparer an extractor. */
function viewAligner({ features, windowFrames }: SampledWindowsOptions) {
  const preparers = new Map<string, WindowPreparer>();
  return ({ extractor, window, ownNeutral }: RecordingWindow['views'][number]): AlignedView => {
    const preparer = preparers.get(extractor) ?? new WindowPreparer(features, windowFrames, extractor);
    preparers.set(extractor, preparer);
    const { alignment } = preparer;
    const frames = new Float32Array(window.length);
    for (let at = 0; at < window.length; at += FACE) {
      alignment.align(window.subarray(at, at + FACE), frames.subarray(at, at + FACE));
    }
    return { preparer, frames, own: ownNeutral && alignment.align(ownNeutral) };
  };
}
