import type { ExpressionClassifier } from '../learner/expression_classifier.js';
import { ExpressionTracks, type TrackExpression } from '../learner/expression_tracks.js';
import type { Box } from '../perception/faces/box.js';
import { decodeSensorImage } from '../perception/image/decode_sensor_image.js';
import type { SensorImage } from '../perception/image/encoded_image.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import type { Perception } from '../perception/perception.js';
import type { PerceptionOptions } from '../perception/perception_options.js';
import type { TrackedFace } from '../perception/tracked_face.js';

/** What can be changed while images come in. */
export interface PipelineSettings {
  /** Monte Carlo dropout repeats; 0 = one pass without dropout. */
  readonly mcdoRepeats: number;
  /** 0 to below 1: fewer repeats where the category is settled but for this probability; 0, the default: always all. */
  readonly errorProbability?: number;
  /** Whether the images of a track share their repeats, false by default; see TrackOptions. */
  readonly shareRepeats?: boolean;
  /** What the odds of Neutral are multiplied by; see TrackOptions. */
  readonly neutralOdds?: number;
  /** Of the dropout masks; undefined = other masks for every image. */
  readonly seed: number | undefined;
  /** Faces that are followed at once at most. */
  readonly maxFaces: number;
  /** Whether the pixels of faces count beside their landmarks, as much as the model says; true by default. */
  readonly appearance?: boolean;
  /** Other options of Perception; those that are left out stay as they are. */
  readonly perception?: Pick<PerceptionOptions, 'minSeenFrames' | 'maxMissedFrames' | 'smoothLandmarks'>;
  /** Time constant of the smoothing over time of tracks that begin from now on; 0 = none. */
  readonly smoothingSeconds: number;
}

/** A face of an image, with its expression once its window is full. */
export interface FaceExpression {
  readonly trackId: number;
  /** Pixels. */
  readonly box: Box;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** 0 to 1: how far what is seen of it suffices to tell its expression. */
  readonly reliability: number;
  /** undefined while the track's window is filling. */
  readonly expression: TrackExpression | undefined;
}

/** Every face of an image, by track id, and what finding out took. */
export interface ImageExpressions {
  readonly faces: readonly FaceExpression[];
  /** Of the image, pixels. */
  readonly width: number;
  readonly height: number;
  /** From the image as it came to tracked landmarks. */
  readonly perceptionMilliseconds: number;
  /** The part of perception that made pixels of the image as it came; 0 where pixels came. */
  readonly decodingMilliseconds: number;
  /** The part of perception that searched for new and lost faces; 0 where none were searched for. */
  readonly detectionMilliseconds: number;
  /** The network's run for all full windows; 0 where there were none. */
  readonly inferenceMilliseconds: number;
}

/** An image that came encoded. */
export interface ProcessedImage {
  readonly expressions: ImageExpressions;
  /** Its pixels. */
  readonly image: RgbImage;
}

/** What perception made of an image. */
export interface PerceivedImage {
  readonly faces: readonly TrackedFace[];
  /** Of the image, pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the faces that are tracked, also those that are hidden for a moment. */
  readonly trackIds: readonly number[];
  readonly milliseconds: number;
  /** The part of it that searched for new and lost faces. */
  readonly detectionMilliseconds: number;
}

/** Images in, faces with expressions out: perception, then what is known of each track, and the classifier. */
export class ExpressionPipeline {
  readonly #perception: Perception;
  #classifier: ExpressionClassifier;
  #tracks: ExpressionTracks;
  #settings: PipelineSettings;

  /** The pipeline owns both: release releases them. */
  constructor(perception: Perception, classifier: ExpressionClassifier, settings: PipelineSettings) {
    this.#perception = perception;
    this.#classifier = classifier;
    this.#tracks = new ExpressionTracks(classifier);
    this.#settings = settings;
    this.set(settings);
  }

  /** The names of the categories, in the order of an estimate's numbers. */
  get classes(): readonly string[] {
    return this.#classifier.classes;
  }

  /**
   * Goes on with another model, and releases the old one. The faces stay, their windows and what is known of each person
   * begin anew. Not to be called while an image is processed.
   *
   * @param classifier owned by the pipeline from now on
   */
  async replaceClassifier(classifier: ExpressionClassifier): Promise<void> {
    const old = this.#classifier;
    this.#classifier = classifier;
    this.#tracks = new ExpressionTracks(classifier);
    this.set(this.#settings);
    await old.release();
  }

  /** Takes effect from the next image on. */
  set(settings: PipelineSettings): void {
    const { perception, maxFaces, appearance = true } = settings;
    // Not for a model that would make nothing of it.
    const isNeeded = appearance && this.#classifier.appearance !== null;
    this.#perception.set({ ...perception, maxFaces, appearance: isNeeded });
    this.#settings = settings;
  }

  /**
   * The expressions of the next image. Not to be called again before the promise is settled.
   *
   * @param stampSeconds when the image was taken; any origin, the same for all images
   * @param origin where the image came from, for an error
   * @throws InvalidInputError when the image cannot be decoded; the next one is then as welcome as before
   */
  async process(image: SensorImage, stampSeconds: number, origin: string): Promise<ProcessedImage> {
    const start = performance.now();
    const decoded = await decodeSensorImage(image, origin);
    const decodingMilliseconds = performance.now() - start;
    const expressions = await this.classify(await this.perceive(decoded, stampSeconds), stampSeconds);
    const perceptionMilliseconds = expressions.perceptionMilliseconds + decodingMilliseconds;
    const timed = { ...expressions, perceptionMilliseconds, decodingMilliseconds };
    return { expressions: timed, image: decoded };
  }

  /**
   * The first half of `process`: the faces of the next image. It may run beside `classify` of the image before, but not
   * beside itself.
   */
  async perceive(image: RgbImage, stampSeconds: number): Promise<PerceivedImage> {
    const start = performance.now();
    const faces = await this.#perception.process(image, stampSeconds);
    const milliseconds = performance.now() - start;
    const { trackIds, detectionMilliseconds } = this.#perception;
    return { faces, width: image.width, height: image.height, trackIds, milliseconds, detectionMilliseconds };
  }

  /** The second half of `process`: what the faces express. Not to be called again before the promise is settled. */
  async classify(perceived: PerceivedImage, stampSeconds: number): Promise<ImageExpressions> {
    const { faces, width, height, trackIds, milliseconds, detectionMilliseconds } = perceived;
    const start = performance.now();
    this.#tracks.keep(trackIds);
    const expressions = await this.#tracks.update(stampSeconds, faces, this.#settings);
    return {
      faces: faces.map(({ trackId, box, landmarks, reliability }, face) => ({
        trackId,
        box,
        landmarks,
        reliability,
        expression: expressions[face],
      })),
      width,
      height,
      perceptionMilliseconds: milliseconds,
      decodingMilliseconds: 0,
      detectionMilliseconds,
      inferenceMilliseconds: expressions.some((expression) => expression) ? performance.now() - start : 0,
    };
  }

  /** Forgets every face: the next image is the first one, and track ids begin at 1. Not to be called while images are in work. */
  reset(): void {
    this.#perception.reset();
    this.#tracks.keep([]);
  }

  /** Frees the networks. */
  async release(): Promise<void> {
    await Promise.all([this.#perception.release(), this.#classifier.release()]);
  }
}
