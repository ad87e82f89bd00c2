import { NEUTRAL } from '../datasets/expression_windows.js';
import { ExpectedError, errorMessage, InvalidInputError } from '../errors.js';
import type { Appearance } from '../perception/appearance/face_appearance.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import type { FaceAlignment } from '../perception/window/face_alignment.js';
import { nearestExtractor, referenceExtractors } from '../perception/window/reference_faces.js';
import { sampleFrames, WindowPreparer } from '../perception/window/window_features.js';
import { appearanceEvidence, type ModelAppearance } from './appearance/appearance_classifier.js';
import { readModel, type SavedModel } from './checkpoint/model_directory.js';
import { ExportedNetwork } from './checkpoint/onnx_model.js';
import type { NetworkPasses } from './engine/engine.js';
import { adaptiveMonteCarlo, type MonteCarloPasses } from './inference/adaptive_monte_carlo.js';
import { type ExpressionEstimate, estimatesOf } from './inference/expression_estimate.js';
import { NetworkSession } from './inference/network_session.js';
import type { Device } from './onnx/device.js';
import { SeededRandom } from './random/seeded_random.js';

export interface ClassifyOptions {
  /** Monte Carlo repeats; 0 answers without dropout. */
  readonly mcdoRepeats: number;
  /**
   * Above 0, below 1: no more repeats are drawn for a window than settle its category but for this probability, at most
   * mcdoRepeats (adaptiveMonteCarlo). 0 by default: always all.
   */
  readonly errorProbability?: number;
  /** Makes the answer repeatable; left out, every call draws anew. */
  readonly seed?: number;
  /**
   * (N): the person's neutral face (68, 2) of each window, aligned by `alignment`, or a mixture of it and `extractorFace`; null
   * where it is not known. Only for a model that compares with a reference face.
   */
  readonly referenceFaces?: readonly (Float32Array | null)[];
  /** (N): how much each reference face is the person's own, 0 to 1; beside `appearances` landmarks count as much more. 0 by default. */
  readonly referenceWeights?: readonly number[];
  /** (N): how far the landmarks of each window are to be believed, 0 to 1: the answers get as much less certain. 1 by default. */
  readonly reliabilities?: readonly number[];
  /**
   * What is not to be believed goes to Neutral so many times as much as to each other class: above 1 where faces rest more often than
   * they show any one expression. 1 by default.
   */
  readonly unseenNeutralOdds?: number;
  /**
   * (N): what the pixels of each window's face look like (FaceAppearance); undefined where nobody looked. They count as the
   * model's `appearance` says.
   */
  readonly appearances?: readonly (Appearance | undefined)[];
  /**
   * (N): what the odds of Neutral are multiplied by in each window's answer: above 1 where faces rest more often than in the
   * training data. 1 by default.
   */
  readonly neutralOdds?: readonly number[];
}

/**
 * A trained model as the live node uses it: windows of landmarks in, expression estimates out.
 */
export class ExpressionClassifier {
  readonly classes: readonly string[];
  /** Ages of the window's frames before its newest one, oldest first, in seconds. */
  readonly windowAgesSeconds: readonly number[];
  /** Names of the landmark extractors that the model was trained for; empty where that is not known. */
  readonly landmarkExtractors: readonly string[];
  /** What the pixels of a face tell beside its landmarks; null: nobody needs to look at them. */
  readonly appearance: ModelAppearance | null;
  private readonly preparer: WindowPreparer;

  private constructor(
    private readonly model: SavedModel,
    window: NonNullable<SavedModel['params']['window']>,
    private readonly session: NetworkPasses,
    landmarkExtractor: string | null,
  ) {
    this.classes = model.params.classes;
    this.windowAgesSeconds = window.ages_seconds;
    this.landmarkExtractors = model.params.landmark_extractors ?? [];
    this.appearance = model.params.appearance;
    // The model answers best on the points that are most like those of its training.
    const known = referenceExtractors(window.features);
    const extractor =
      landmarkExtractor === null || known.length === 0 ? landmarkExtractor : nearestExtractor(landmarkExtractor, known);
    this.preparer = new WindowPreparer(window.features, window.ages_seconds.length, extractor);
  }

  /**
   * Reads directory/name.json and the directory/name.pt or .onnx that it names.
   *
   * `landmarkExtractor` is what finds the landmarks; a model that compares with a reference face needs it, and takes points of
   * an extractor that it was not trained for (see `landmarkExtractors`) for those of the nearest one.
   *
   * @throws InvalidInputError naming the file that is missing or broken, or the device that is not there
   */
  static async load(options: {
    directory: string;
    name: string;
    device: Device;
    threads?: number;
    landmarkExtractor?: string;
  }): Promise<ExpressionClassifier> {
    const model = await readModel(options.directory, options.name);
    const { window, num_frames: frames } = model.params;
    if (window === undefined || sampleFrames(window.features, window.ages_seconds.length) !== frames) {
      throw new InvalidInputError(
        'inference_params.window',
        window?.ages_seconds,
        `a description of windows that give samples of ${frames} frames`,
        model.metadataPath,
      );
    }
    const run = { device: options.device, threads: options.threads ?? 0 };
    const session =
      model.kind === 'optimized'
        ? await ExportedNetwork.open(model.bytes, model.params, run, model.modelPath)
        : new NetworkSession(model.state, frames, 'stored', run);
    const classifier = new ExpressionClassifier(model, window, session, options.landmarkExtractor ?? null);
    // Builds the graph that answers live now, rather than at the first image, and finds out whether the device is there.
    try {
      await session.passes(classifier.emptySamples(1), 1, 1, new SeededRandom(0));
    } catch (error) {
      // What could not even be opened has nothing to release.
      await session.release().catch(() => undefined);
      if (error instanceof ExpectedError) throw error;
      const origin = model.metadataPath;
      throw new InvalidInputError('the model', errorMessage(error), `one that runs on ${options.device}`, origin);
    }
    return classifier;
  }

  /** Aligns faces as those of the windows are: reference faces have to be aligned by it. */
  get alignment(): FaceAlignment {
    return this.preparer.alignment;
  }

  /** The extractor's mean neutral face (68, 2), aligned; null for a model that compares with no reference face. */
  get extractorFace(): Float32Array | null {
    return this.preparer.extractorFace;
  }

  /**
   * Names the expressions in windows of landmarks.
   *
   * @param landmarkWindows (N, T, 68, 2), flat: landmarks in pixels at the ages of `windowAgesSeconds`
   * @param count N
   * @returns (N), in the order of the windows
   * @throws InvalidInputError naming the argument that has more or fewer values than `count` says, or one out of its range
   */
  async classify(
    landmarkWindows: Float32Array,
    count: number,
    options: ClassifyOptions,
  ): Promise<ExpressionEstimate[]> {
    const origin = 'ExpressionClassifier.classify';
    const windowSize = this.windowAgesSeconds.length * LANDMARKS * 2;
    if (landmarkWindows.length !== count * windowSize) {
      const expected = `${count} times ${windowSize}`;
      throw new InvalidInputError('the length of landmarkWindows', landmarkWindows.length, expected, origin);
    }
    const {
      mcdoRepeats,
      seed,
      referenceFaces,
      referenceWeights,
      reliabilities,
      unseenNeutralOdds = 1,
      appearances,
      neutralOdds,
      errorProbability = 0,
    } = options;
    for (const [name, values] of Object.entries({ referenceFaces, appearances })) {
      if (values === undefined || values.length === count) continue;
      throw new InvalidInputError(`the number of ${name}`, values.length, `${count}, one for each window`, origin);
    }
    for (const [name, shares] of Object.entries({ reliabilities, referenceWeights })) {
      if (shares === undefined || (shares.length === count && shares.every((share) => share >= 0 && share <= 1)))
        continue;
      throw new InvalidInputError(name, shares, `${count} numbers from 0 to 1`, origin);
    }
    const isAboveZero = (odds: number) => odds > 0 && Number.isFinite(odds);
    if (neutralOdds !== undefined && !(neutralOdds.length === count && neutralOdds.every(isAboveZero))) {
      throw new InvalidInputError('neutralOdds', neutralOdds, `${count} numbers above 0`, origin);
    }
    if (!isAboveZero(unseenNeutralOdds)) {
      throw new InvalidInputError('unseenNeutralOdds', unseenNeutralOdds, 'a number above 0', origin);
    }
    if (!(errorProbability >= 0 && errorProbability < 1)) {
      throw new InvalidInputError('errorProbability', errorProbability, 'a number from 0 to below 1', origin);
    }
    if (count === 0) return [];
    const samples = this.emptySamples(count);
    const sampleSize = samples.length / count;
    for (let n = 0; n < count; n++) {
      const window = landmarkWindows.subarray(n * windowSize, (n + 1) * windowSize);
      const sample = samples.subarray(n * sampleSize, (n + 1) * sampleSize);
      this.preparer.prepare(window, sample, referenceFaces?.[n] ?? null);
    }
    const oddsOf = (odds: number) => this.classes.map((name) => (name === NEUTRAL ? odds : 1));
    const oddsOfClasses = neutralOdds?.map(oddsOf);
    const oddsOfUnseen = oddsOf(unseenNeutralOdds);
    const evidence = appearances?.map((seen, n) =>
      appearanceEvidence(seen, this.classes, this.appearance, referenceWeights?.[n]),
    );
    const known = { reliabilities, oddsOfUnseen, oddsOfClasses, evidence };
    const { temperature } = this.model.params;
    const drawnSeed = seed ?? Math.floor(Math.random() * 2 ** 32);
    if (errorProbability > 0 && mcdoRepeats > 0) {
      const passes: MonteCarloPasses = (...of) => this.session.passes(...of);
      const { classes } = this;
      const drawing = { classes, temperature, seed: drawnSeed, mcdoRepeats, errorProbability };
      return adaptiveMonteCarlo(passes, samples, count, { ...known, ...drawing });
    }
    const logits = await this.session.passes(samples, count, mcdoRepeats, new SeededRandom(drawnSeed));
    return estimatesOf(logits, count, this.classes, mcdoRepeats, temperature, known);
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private emptySamples(count: number): Float32Array {
    const { in_channels, num_frames, num_point, num_person } = this.model.params;
    return new Float32Array(count * in_channels * num_frames * num_point * num_person);
  }
}
