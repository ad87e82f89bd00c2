import type { ExpressionClassifier } from '../learner/expression_classifier.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';
import type { Box } from '../perception/faces/box.js';
import { decodeImage, type EncodedImage } from '../perception/image/decode_image.js';
import type { Landmarks68 } from '../perception/landmarks/landmarks68.js';
import type { Perception } from '../perception/perception.js';
import { LandmarkWindow } from '../perception/window/landmark_window.js';

/** What can be changed while images come in. */
export interface PipelineSettings {
  /** Monte Carlo dropout repeats; 0 = one pass without dropout. */
  readonly mcdoRepeats: number;
  /** Of the dropout masks; undefined = other masks for every image. */
  readonly seed: number | undefined;
  /** Faces that are followed at once at most. */
  readonly maxFaces: number;
}

/** A face of an image, with its expression once its window is full. */
export interface FaceExpression {
  readonly trackId: number;
  /** Pixels. */
  readonly box: Box;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** undefined while the track's window is filling. */
  readonly expression: { readonly estimate: ExpressionEstimate; readonly windowSpanSeconds: number } | undefined;
}

/** Every face of an image, by track id, and what finding out took. */
export interface ImageExpressions {
  readonly faces: readonly FaceExpression[];
  /** From pixels to tracked landmarks. */
  readonly perceptionMilliseconds: number;
  /** The network's run for all full windows; 0 where there were none. */
  readonly inferenceMilliseconds: number;
}

/** Images in, faces with expressions out: perception, a window for each track, the classifier. */
export class ExpressionPipeline {
  readonly #perception: Perception;
  readonly #classifier: ExpressionClassifier;
  readonly #windows = new Map<number, LandmarkWindow>();
  #settings: PipelineSettings;

  /** The pipeline owns both: release releases the classifier. */
  constructor(perception: Perception, classifier: ExpressionClassifier, settings: PipelineSettings) {
    this.#perception = perception;
    this.#classifier = classifier;
    this.#settings = settings;
    perception.setMaxFaces(settings.maxFaces);
  }

  /** The names of the categories, in the order of an estimate's numbers. */
  get classes(): readonly string[] {
    return this.#classifier.classes;
  }

  /** Takes effect from the next image on. */
  set(settings: PipelineSettings): void {
    this.#perception.setMaxFaces(settings.maxFaces);
    this.#settings = settings;
  }

  /**
   * The expressions of the next image. Not to be called again before the promise is settled.
   *
   * @param stampSeconds when the image was taken; any origin, the same for all images
   * @param origin where the image came from, for an error
   * @throws InvalidInputError when the image cannot be decoded; the next one is then as welcome as before
   */
  async process(image: EncodedImage, stampSeconds: number, origin: string): Promise<ImageExpressions> {
    const start = performance.now();
    const faces = await this.#perception.process(decodeImage(image, origin), stampSeconds);
    const perceived = performance.now();
    this.#forgetTracksThatEnded();
    const ages = this.#classifier.windowAgesSeconds;
    const full: { landmarks: Float32Array; spanSeconds: number; face: number }[] = [];
    faces.forEach(({ trackId, landmarks }, face) => {
      const window = this.#windowOf(trackId);
      window.push(stampSeconds, landmarks);
      const resampled = window.resample(ages);
      if (resampled) full.push({ ...resampled, spanSeconds: resampled.endSeconds - resampled.startSeconds, face });
    });
    const estimates = await this.#classify(full.map(({ landmarks }) => landmarks));
    const inferred = performance.now();
    const expressions = new Map(
      full.map(({ face, spanSeconds }, index) => [
        face,
        { estimate: estimates[index]!, windowSpanSeconds: spanSeconds },
      ]),
    );
    return {
      faces: faces.map(({ trackId, box, landmarks }, face) => ({
        trackId,
        box,
        landmarks,
        expression: expressions.get(face),
      })),
      perceptionMilliseconds: perceived - start,
      inferenceMilliseconds: full.length > 0 ? inferred - perceived : 0,
    };
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.#classifier.release();
  }

  #forgetTracksThatEnded(): void {
    const alive = new Set(this.#perception.trackIds);
    for (const trackId of this.#windows.keys()) {
      if (!alive.has(trackId)) this.#windows.delete(trackId);
    }
  }

  #windowOf(trackId: number): LandmarkWindow {
    let window = this.#windows.get(trackId);
    if (!window) {
      window = new LandmarkWindow({ longestAgeSeconds: Math.max(...this.#classifier.windowAgesSeconds) });
      this.#windows.set(trackId, window);
    }
    return window;
  }

  async #classify(windows: readonly Float32Array[]): Promise<readonly ExpressionEstimate[]> {
    if (windows.length === 0) return [];
    const size = windows[0]!.length;
    const batch = new Float32Array(windows.length * size);
    windows.forEach((window, index) => {
      batch.set(window, index * size);
    });
    const { mcdoRepeats, seed } = this.#settings;
    return this.#classifier.classify(batch, windows.length, { mcdoRepeats, ...(seed === undefined ? {} : { seed }) });
  }
}
