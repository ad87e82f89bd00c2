import { NEUTRAL } from '../datasets/expression_windows.js';
import { InvalidInputError } from '../errors.js';
import type { Appearance } from '../perception/appearance/face_appearance.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import { LandmarkWindow } from '../perception/window/landmark_window.js';
import { RunningReferenceFace } from '../perception/window/reference_face.js';
import type { ClassifyOptions, ExpressionClassifier } from './expression_classifier.js';
import type { ExpressionEstimate } from './inference/expression_estimate.js';
import { SteadyEstimate } from './inference/steady_estimate.js';

/**
 * In training data a fifth of the faces rest, before a camera most do. Twice the odds made resting faces Neutral
 * in nine of ten images instead of eight, and took a tenth of a second longer to name an expression (docs/live.md).
 */
export const NEUTRAL_ODDS = 2;

/**
 * Power of those odds where pixels are seen: a classifier of pixels takes all classes for alike probable, too, and photos in which
 * people look grave have taught it to find Disgust in many a resting face. Of 85 s of rest 0.96 were Neutral with 2.3, 1.00 with 2.6
 * to 3, and the same 18 of 19 expressions were named.
 */
const WITH_PIXELS = 2.8;

/** How the answers for tracks are made. */
export interface TrackOptions extends Pick<ClassifyOptions, 'mcdoRepeats' | 'errorProbability'> {
  /**
   * Whether an image of a track is given fewer repeats than `mcdoRepeats`, 25 at least, but as many as make the smoothed answer as
   * precise as a single one of `mcdoRepeats`, which an estimate then gives as its repeats: the answer rests on the repeats of the
   * images before too. Not with a seed, as the same masks tell nothing new, nor with an errorProbability. False by default.
   */
  readonly shareRepeats?: boolean;
  /** Of the dropout masks; undefined = other masks for every image. */
  readonly seed: number | undefined;
  /** Time constant of the smoothing over time, 0 to 10 s; 0 = each image for itself. Taken by tracks that begin later. */
  readonly smoothingSeconds: number;
  /**
   * What the odds of Neutral are multiplied by: faces before a camera rest more often than those of training data. 2 by default;
   * their square while nothing is known of a person's own face; and where pixels are seen, that to the power of 2.8 (so 7 times, at
   * first 48). Of what cannot be seen of a face as much more goes to Neutral (2 times).
   */
  readonly neutralOdds?: number;
}

/** A face of a track, as Perception gives it. */
export interface FaceOfTrack {
  readonly trackId: number;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** How far they are to be believed, 0 to 1; 1 by default. */
  readonly reliability?: number;
  /** What its pixels look like; undefined where nobody looked. */
  readonly appearance?: Appearance | undefined;
}

/** The answer for one track. */
export interface TrackExpression {
  readonly estimate: ExpressionEstimate;
  /** From the window's oldest to its newest landmarks. */
  readonly windowSpanSeconds: number;
}

/**
 * Landmarks of tracked faces in, steady expressions out: each track's window, running reference face and smoothing. A track
 * is one person's face under one id; what is learned of it ends with it.
 */
export class ExpressionTracks {
  readonly #classifier: ExpressionClassifier;
  readonly #tracks = new Map<number, Track>();

  /** @param classifier not released by this */
  constructor(classifier: ExpressionClassifier) {
    this.#classifier = classifier;
  }

  /** Forgets every track but these. */
  keep(trackIds: Iterable<number>): void {
    const kept = new Set(trackIds);
    for (const id of this.#tracks.keys()) if (!kept.has(id)) this.#tracks.delete(id);
  }

  /**
   * The expressions of the faces of one image. Not to be called again before the promise is settled.
   *
   * @param stampSeconds when the image was taken; any origin, the same for all images
   * @param faces landmarks in pixels; each track once at most
   * @returns for each face its answer; undefined while its window is filling
   * @throws InvalidInputError for a stamp that is not finite, landmarks that are not (68, 2) and odds that are not above 0
   */
  async update(
    stampSeconds: number,
    faces: readonly FaceOfTrack[],
    options: TrackOptions,
  ): Promise<(TrackExpression | undefined)[]> {
    const { mcdoRepeats, errorProbability = 0, seed, neutralOdds = NEUTRAL_ODDS } = options;
    if (!(neutralOdds > 0 && Number.isFinite(neutralOdds))) {
      throw new InvalidInputError('neutralOdds', neutralOdds, 'a number above 0', 'ExpressionTracks.update');
    }
    const ages = this.#classifier.windowAgesSeconds;
    const full: FullWindow[] = [];
    faces.forEach(({ trackId, landmarks, reliability = 1, appearance }, index) => {
      const track = this.#track(trackId, options);
      track.window.push(stampSeconds, landmarks);
      const resampled = track.window.resample(ages);
      if (!resampled) return;
      const spanSeconds = resampled.endSeconds - resampled.startSeconds;
      full.push({ index, track, landmarks: resampled.landmarks, spanSeconds, reliability, appearance });
    });
    const answers = faces.map((): TrackExpression | undefined => undefined);
    if (full.length === 0) return answers;
    const size = full[0]!.landmarks.length;
    const windows = new Float32Array(full.length * size);
    full.forEach(({ landmarks }, row) => {
      windows.set(landmarks, row * size);
    });
    const appearances = full.map(({ appearance }) => appearance);
    const referenceFaces = await this.#referenceFaces(stampSeconds, full, windows, appearances);
    const goesByPixels = this.#classifier.appearance !== null;
    const odds = full.map(({ track, appearance }) =>
      oddsOfNeutral(neutralOdds, track, goesByPixels && appearance !== undefined),
    );
    const sharing = sharesRepeats(options);
    const estimates = await this.#classifier.classify(windows, full.length, {
      mcdoRepeats: sharing
        ? Math.max(...full.map(({ track }) => track.steady.repeatsFor(stampSeconds, mcdoRepeats)))
        : mcdoRepeats,
      errorProbability,
      neutralOdds: odds,
      reliabilities: full.map(({ reliability }) => reliability),
      unseenNeutralOdds: neutralOdds,
      appearances,
      ...(seed === undefined ? {} : { seed }),
      ...(referenceFaces === undefined
        ? {}
        : { referenceFaces, referenceWeights: full.map(({ track }) => track.reference!.weight) }),
    });
    const { classes } = this.#classifier;
    full.forEach(({ index, track, spanSeconds, reliability }, row) => {
      const unseen = neutralOdds / (neutralOdds + classes.length - 1);
      const answered = estimates[row]!.mean[classes.indexOf(NEUTRAL)] ?? 0;
      track.neutralProbability = balancedProbability(answered, odds[row]!, reliability, unseen);
      const steady = track.steady.add(stampSeconds, estimates[row]!);
      const repeats = sharing ? Math.min(mcdoRepeats, track.steady.effectiveRepeats) : steady.repeats;
      answers[index] = { estimate: { ...steady, repeats }, windowSpanSeconds: spanSeconds };
    });
    return answers;
  }

  /** How much the reference face of a track is the person's own, 0 to 1; undefined where none is kept. */
  referenceWeight(trackId: number): number | undefined {
    return this.#tracks.get(trackId)?.reference?.weight;
  }

  #track(id: number, { smoothingSeconds }: TrackOptions): Track {
    let track = this.#tracks.get(id);
    if (!track) {
      const { windowAgesSeconds, extractorFace, classes } = this.#classifier;
      const follows = extractorFace !== null && classes.includes(NEUTRAL);
      track = {
        window: new LandmarkWindow({ longestAgeSeconds: Math.max(...windowAgesSeconds) }),
        reference: follows ? new RunningReferenceFace(extractorFace) : undefined,
        steady: new SteadyEstimate({ smoothingSeconds }),
        neutralProbability: 0,
      };
      this.#tracks.set(id, track);
    }
    return track;
  }

  /** The reference faces as they are with this image; undefined where the model compares with none, or knows no Neutral. */
  async #referenceFaces(
    stampSeconds: number,
    full: readonly FullWindow[],
    windows: Float32Array,
    appearances: readonly (Appearance | undefined)[],
  ): Promise<Float32Array[] | undefined> {
    if (full[0]!.track.reference === undefined) return undefined;
    // Compared with the extractor's face, and without dropout: one cheap pass, and no noise in what is learned.
    const unknown = await this.#classifier.classify(windows, full.length, { mcdoRepeats: 0, seed: 0, appearances });
    const neutral = this.#classifier.classes.indexOf(NEUTRAL);
    const { alignment, windowAgesSeconds: ages } = this.#classifier;
    const newest = ages.indexOf(Math.min(...ages));
    const oldest = ages.indexOf(Math.max(...ages));
    return full.map(({ track, landmarks, spanSeconds }, row) => {
      const face = alignment.align(frameOf(landmarks, newest));
      const before = alignment.align(frameOf(landmarks, oldest));
      const speed = spanSeconds > 0 ? rootMeanSquareDistance(face, before) / spanSeconds : 0;
      track.reference!.update(stampSeconds, face, unknown[row]!.mean[neutral]!, track.neutralProbability, speed);
      return track.reference!.face;
    });
  }
}

/** A face whose window is full, in one image. */
interface FullWindow {
  /** Its place among the image's faces. */
  readonly index: number;
  readonly track: Track;
  /** (T, 68, 2) */
  readonly landmarks: Float32Array;
  readonly spanSeconds: number;
  readonly reliability: number;
  readonly appearance: Appearance | undefined;
}

interface Track {
  readonly window: LandmarkWindow;
  readonly reference: RunningReferenceFace | undefined;
  readonly steady: SteadyEstimate;
  /** Of the newest answer by the reference face, not smoothed, as among balanced samples. */
  neutralProbability: number;
}

/** Whether there is something to share: with the same masks for every image, or as few as each needs, there is not. */
function sharesRepeats({ mcdoRepeats, errorProbability = 0, seed, shareRepeats = false }: TrackOptions): boolean {
  return shareRepeats && seed === undefined && errorProbability === 0 && mcdoRepeats > 0;
}

/**
 * What the odds of Neutral are multiplied by for a track: `known` by landmarks where the own face is known, its square where nothing is
 * known of it, as what sets a face at rest apart from the mean one says little then; by pixels too, to a power once
 * more. By landmarks alone resting faces were Neutral in 0.95 of the images with the square, in 0.90 without it.
 */
function oddsOfNeutral(known: number, { reference }: Track, isSeen: boolean): number {
  return known ** ((2 - (reference?.weight ?? 1)) * (isSeen ? WITH_PIXELS : 1));
}

/**
 * A class's probability among balanced samples, from what was answered: what its odds and the reliability did is taken back. Of a mean
 * over repeats about that, as each repeat was weighed by itself.
 *
 * @param unseen its share of what cannot be seen
 */
function balancedProbability(answered: number, odds: number, reliability: number, unseen: number): number {
  if (reliability === 0) return 0;
  const seen = Math.min(Math.max((answered - (1 - reliability) * unseen) / reliability, 0), 1);
  return seen / (seen + odds * (1 - seen));
}

function frameOf(window: Float32Array, frame: number): Float32Array {
  return window.subarray(frame * 2 * LANDMARKS, (frame + 1) * 2 * LANDMARKS);
}

function rootMeanSquareDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  a.forEach((value, index) => {
    sum += (value - b[index]!) ** 2;
  });
  return Math.sqrt(sum / LANDMARKS);
}
