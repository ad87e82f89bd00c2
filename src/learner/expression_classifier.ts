import { InvalidInputError } from '../errors.js';
import { LANDMARKS } from '../perception/landmarks/dlib_landmarks.js';
import { sampleFrames, WindowPreparer } from '../perception/window/window_features.js';
import { readModel, type SavedModel } from './checkpoint/model_directory.js';
import { ExportedNetwork } from './checkpoint/onnx_model.js';
import type { NetworkPasses } from './engine/engine.js';
import { type ExpressionEstimate, estimatesOf } from './inference/expression_estimate.js';
import { NetworkSession } from './inference/network_session.js';
import type { Device } from './onnx/device.js';
import { SeededRandom } from './random/seeded_random.js';

export interface ClassifyOptions {
  /** Monte Carlo repeats; 0 answers without dropout. */
  readonly mcdoRepeats: number;
  /** Makes the answer repeatable; left out, every call draws anew. */
  readonly seed?: number;
}

/**
 * A trained model as the live node uses it: windows of landmarks in, expression estimates out.
 */
export class ExpressionClassifier {
  readonly classes: readonly string[];
  /** Ages of the window's frames before its newest one, oldest first, in seconds. */
  readonly windowAgesSeconds: readonly number[];
  private readonly preparer: WindowPreparer;

  private constructor(
    private readonly model: SavedModel,
    window: NonNullable<SavedModel['params']['window']>,
    private readonly session: NetworkPasses,
  ) {
    this.classes = model.params.classes;
    this.windowAgesSeconds = window.ages_seconds;
    this.preparer = new WindowPreparer(window.features, window.ages_seconds.length);
  }

  /**
   * Reads directory/name.json and the directory/name.pt or .onnx that it names.
   *
   * @throws InvalidInputError naming the file that is missing or broken, or the device that is not there
   */
  static async load(options: {
    directory: string;
    name: string;
    device: Device;
    threads?: number;
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
    const classifier = new ExpressionClassifier(model, window, session);
    // Builds the graph that answers live now, rather than at the first image, and finds out whether the device is there.
    await session.passes(classifier.emptySamples(1), 1, 1, new SeededRandom(0));
    return classifier;
  }

  /**
   * @param landmarkWindows (N, T, 68, 2), flat: landmarks in pixels at the ages of `windowAgesSeconds`
   * @param count N
   */
  async classify(
    landmarkWindows: Float32Array,
    count: number,
    options: ClassifyOptions,
  ): Promise<ExpressionEstimate[]> {
    const windowSize = this.windowAgesSeconds.length * LANDMARKS * 2;
    if (landmarkWindows.length !== count * windowSize) {
      throw new RangeError(`landmarkWindows has ${landmarkWindows.length} elements, expected ${count} x ${windowSize}`);
    }
    if (count === 0) return [];
    const samples = this.emptySamples(count);
    const sampleSize = samples.length / count;
    for (let n = 0; n < count; n++) {
      const window = landmarkWindows.subarray(n * windowSize, (n + 1) * windowSize);
      this.preparer.prepare(window, samples.subarray(n * sampleSize, (n + 1) * sampleSize));
    }
    const { mcdoRepeats, seed } = options;
    const random = new SeededRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
    const logits = await this.session.passes(samples, count, mcdoRepeats, random);
    return estimatesOf(logits, count, this.classes, mcdoRepeats, this.model.params.temperature);
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private emptySamples(count: number): Float32Array {
    const { in_channels, num_frames, num_point, num_person } = this.model.params;
    return new Float32Array(count * in_channels * num_frames * num_point * num_person);
  }
}
