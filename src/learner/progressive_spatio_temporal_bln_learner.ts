import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { type InferenceParams, inferenceParamsSchema } from './checkpoint/metadata.js';
import { readNetworkModel, writeModel } from './checkpoint/model_directory.js';
import { type ClassificationReport, classificationReport } from './evaluation/classification_report.js';
import { type ExpressionEstimate, estimatesOf } from './inference/expression_estimate.js';
import { NetworkSession } from './inference/network_session.js';
import { parseNetworkShape } from './network/network_shape.js';
import { initialiseNetwork, type NetworkState } from './network/network_state.js';
import { deviceSchema } from './onnx/device.js';
import { SeededRandom } from './random/seeded_random.js';
import type { EpochSource, Samples } from './samples.js';
import { type EpochResult, train } from './training/train.js';

const positive = z.int().min(1);

/** Options of the learner: the reference's names and defaults, and ours. */
export const learnerOptionsSchema = z.strictObject({
  lr: z.number().positive().default(0.1),
  batchSize: positive.default(128),
  optimizerName: z.enum(['sgd', 'adam']).default('sgd'),
  /** '': the learning rate is divided by 10 after each epoch in `dropAfterEpoch`; 'cosine': half a cosine wave to 0. */
  lrSchedule: z.enum(['', 'cosine']).default(''),
  dropAfterEpoch: z.array(positive).default([400]),
  epochs: positive.default(400),
  startEpoch: z.int().min(0).default(0),
  valBatchSize: positive.default(128),
  experimentName: z.string().min(1).default('pstbln_casia'),
  datasetName: z.string().min(1).default('CASIA'),
  numClass: z.int().min(2).default(6),
  numPoint: positive.default(309),
  numPerson: positive.default(1),
  inChannels: positive.default(2),
  blockSize: positive.default(5),
  topology: z.array(positive).default([]),
  device: deviceSchema.default('auto'),
  /** Threads of onnxruntime; 0 takes all cores. */
  threads: z.int().min(0).default(0),
  /** Probability of dropping an element of a layer's input. */
  dropoutRate: z.number().min(0).max(0.9).default(0.2),
  labelSmoothing: z.number().min(0).max(0.5).default(0),
  classWeights: z.array(z.number().positive()).nullable().default(null),
  /** Names of the classes, in the order of the labels. */
  classes: z.array(z.string().min(1)).default([]),
  /** Makes training and Monte Carlo dropout repeatable. */
  seed: z.int().min(0).default(0),
});

export type LearnerOptions = z.input<typeof learnerOptionsSchema>;

export const fitOptionsSchema = z.strictObject({
  momentum: z.number().min(0).max(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).default(1e-4),
  monteCarloDropout: z.boolean().default(true),
  mcdoRepeats: z.int().min(1).default(100),
});

export type FitOptions = z.input<typeof fitOptionsSchema>;

/** What `fit` answers. */
export interface FitResult {
  /** Mean training loss of each epoch. */
  readonly trainLoss: readonly number[];
  /** The validation data under the final network; null without validation data. */
  readonly evalResults: ClassificationReport | null;
  readonly modelName: string;
}

/** How windows of landmarks become samples, for the metadata of a model that a live node may use. */
export type WindowDescription = NonNullable<InferenceParams['window']>;

/** Learns, saves, loads and applies PST-BLN networks. */
export class ProgressiveSpatioTemporalBLNLearner {
  private readonly options: z.output<typeof learnerOptionsSchema>;
  private state: NetworkState | null = null;
  private params: InferenceParams | null = null;
  private session: NetworkSession | null = null;

  /** @throws InvalidInputError naming the option that is unknown or out of its range */
  constructor(options: LearnerOptions = {}) {
    this.options = parseOptions(learnerOptionsSchema, options, "the learner's constructor");
  }

  /** (C, T, V, M) of a sample. */
  get sampleDims(): readonly [number, number, number, number] {
    const { in_channels, num_frames, num_point, num_person } = this.model().params;
    return [in_channels, num_frames, num_point, num_person];
  }

  /** Names of the classes, in the order of the logits. */
  get classes(): readonly string[] {
    return this.model().params.classes;
  }

  /** Divides logits before the softmax. */
  set temperature(value: number) {
    const { params } = this.model();
    this.params = parseOptions(inferenceParamsSchema, { ...params, temperature: value }, 'the temperature');
  }

  /** How windows of landmarks become samples; null for a model that is fed samples only. */
  get window(): WindowDescription | null {
    return this.model().params.window ?? null;
  }

  set window(value: WindowDescription) {
    const { params } = this.model();
    this.params = parseOptions(inferenceParamsSchema, { ...params, window: value }, 'the window');
  }

  /**
   * A network as before training, for samples of `numFrames` frames; the same seed gives the same one.
   *
   * @throws InvalidInputError where the topology is empty
   */
  initModel(numFrames: number): void {
    const { topology, blockSize, inChannels, numPoint, numPerson, numClass, dropoutRate, classes, seed } = this.options;
    const origin = "the learner's constructor";
    const shape = parseNetworkShape(
      { topology, blockSize, inChannels, numPoint, numPerson, numClass, dropoutRate },
      origin,
    );
    if (classes.length > 0 && classes.length !== numClass) {
      throw new InvalidInputError('classes', classes, `${numClass} names, as numClass says`, origin);
    }
    this.replaceModel(
      initialiseNetwork(shape, seed),
      parseOptions(
        inferenceParamsSchema,
        {
          classes: classes.length > 0 ? classes : Array.from({ length: numClass }, (_, i) => String(i)),
          block_size: blockSize,
          topology,
          in_channels: inChannels,
          num_frames: numFrames,
          num_point: numPoint,
          num_person: numPerson,
          dataset_name: this.options.datasetName,
          dropout_rate: dropoutRate,
        },
        origin,
      ),
    );
  }

  /**
   * Trains the network (a fresh one where there is none yet).
   *
   * @param dataset samples (N, C, T, V, M), or a source of freshly augmented ones for each epoch
   * @param valDataset samples that choose nothing: they are only reported on, once, at the end
   * @param onEpoch hears of every epoch; training ends early where it answers false
   */
  async fit(
    dataset: Samples | EpochSource,
    valDataset: Samples | null,
    fitOptions: FitOptions = {},
    onEpoch: (result: EpochResult) => boolean = () => true,
  ): Promise<FitResult> {
    const { momentum, nesterov, weightDecay, monteCarloDropout, mcdoRepeats } = parseOptions(
      fitOptionsSchema,
      fitOptions,
      'fit',
    );
    const { options } = this;
    const source: EpochSource = 'epoch' in dataset ? dataset : { epoch: () => dataset };
    const example = source.epoch(options.seed);
    if (this.state === null) this.initModel(this.framesOf(example));
    const { state, params } = this.model();
    this.checkSamples(example, 'the training data');
    await this.closeSession();

    const trainLoss: number[] = [];
    const trainOptions = {
      lr: options.lr,
      lrSchedule: options.lrSchedule,
      dropAfterEpoch: options.dropAfterEpoch,
      epochs: options.epochs,
      startEpoch: options.startEpoch,
      batchSize: options.batchSize,
      optimizer: { name: options.optimizerName, nesterov, momentum, weightDecay },
      labelSmoothing: options.labelSmoothing,
      classWeights: options.classWeights,
      seed: options.seed,
      session: this.sessionOptions(),
    };
    await train(state, source, params.num_frames, trainOptions, (result) => {
      trainLoss.push(result.loss);
      return onEpoch(result);
    });
    const evalResults = valDataset && (await this.report(valDataset, monteCarloDropout ? mcdoRepeats : 0));
    return { trainLoss, evalResults, modelName: options.experimentName };
  }

  /**
   * Answers a batch (N, C, T, V, M), each sample for itself.
   *
   * @param mcdoRepeats Monte Carlo repeats; 0 answers without dropout
   * @param seed makes the answer repeatable; left out, it is the learner's
   */
  async infer(
    data: Float32Array,
    count: number,
    mcdoRepeats = 100,
    seed = this.options.seed,
  ): Promise<ExpressionEstimate[]> {
    const { params } = this.model();
    if (!Number.isInteger(mcdoRepeats) || mcdoRepeats < 0) {
      throw new InvalidInputError('mcdoRepeats', mcdoRepeats, 'a whole number, 0 or more', 'infer');
    }
    const logits = await this.logits(data, count, mcdoRepeats, seed);
    return estimatesOf(logits, count, params.classes, mcdoRepeats, params.temperature);
  }

  /**
   * The raw answers to a batch: logits (R, N, K) of R Monte Carlo passes, or of the one pass without dropout where
   * `mcdoRepeats` is 0.
   */
  async logits(data: Float32Array, count: number, mcdoRepeats: number, seed: number): Promise<Float32Array> {
    const { state, params } = this.model();
    this.checkSamples({ data, count, labels: new Int32Array(count) }, 'the batch');
    this.session ??= new NetworkSession(state, params.num_frames, 'stored', this.sessionOptions());
    const { valBatchSize } = this.options;
    const size = data.length / Math.max(1, count);
    const classes = params.classes.length;
    const random = new SeededRandom(seed);
    const repeats = Math.max(1, mcdoRepeats);
    const logits = new Float32Array(repeats * count * classes);
    for (let start = 0; start < count; start += valBatchSize) {
      const now = Math.min(valBatchSize, count - start);
      const part = await this.session.passes(
        data.subarray(start * size, (start + now) * size),
        now,
        mcdoRepeats,
        random,
      );
      for (let repeat = 0; repeat < repeats; repeat++) {
        const row = part.subarray(repeat * now * classes, (repeat + 1) * now * classes);
        logits.set(row, (repeat * count + start) * classes);
      }
    }
    return logits;
  }

  /** Accuracy, recall and confusion on labelled samples. */
  async report(samples: Samples, mcdoRepeats: number): Promise<ClassificationReport> {
    this.checkSamples(samples, 'the validation data');
    const estimates = await this.infer(samples.data, samples.count, mcdoRepeats);
    const predictions = estimates.map(({ categoryIndex }) => categoryIndex);
    return classificationReport(samples.labels, predictions, this.classes);
  }

  /** Writes path/modelName.pt and path/modelName.json. */
  async save(path: string, modelName: string): Promise<void> {
    const { state, params } = this.model();
    const { optimizerName, lr, epochs, batchSize, seed } = this.options;
    await writeModel(path, modelName, state, params, {
      optimizer_name: optimizerName,
      lr,
      epochs,
      batch_size: batchSize,
      seed,
    });
  }

  /**
   * Reads path/modelName.pt and path/modelName.json.
   *
   * @throws InvalidInputError naming the file that is missing or broken
   */
  async load(path: string, modelName: string): Promise<void> {
    const { state, params } = await readNetworkModel(path, modelName);
    await this.closeSession();
    this.replaceModel(state, params);
  }

  /** Frees onnxruntime's sessions. */
  async release(): Promise<void> {
    await this.closeSession();
  }

  private model(): { state: NetworkState; params: InferenceParams } {
    const { state, params } = this;
    if (state === null || params === null) {
      throw new InvalidInputError('the model', undefined, 'one made by fit, initModel or load first', 'the learner');
    }
    return { state, params };
  }

  private replaceModel(state: NetworkState, params: InferenceParams): void {
    this.state = state;
    this.params = params;
  }

  private sessionOptions() {
    return { device: this.options.device, threads: this.options.threads };
  }

  private async closeSession(): Promise<void> {
    await this.session?.release();
    this.session = null;
  }

  /** T of samples, by the options' other numbers. */
  private framesOf({ data, count }: Samples): number {
    const { inChannels, numPoint, numPerson } = this.options;
    const frames = data.length / (count * inChannels * numPoint * numPerson);
    if (!Number.isInteger(frames) || frames < 1) {
      const expected = `${count} samples of whole frames of ${inChannels} x ${numPoint} x ${numPerson}`;
      throw new InvalidInputError("the training data's size", data.length, expected, 'fit');
    }
    return frames;
  }

  private checkSamples({ data, labels, count }: Samples, origin: string): void {
    const { params } = this.model();
    const size = this.sampleDims.reduce((product, dim) => product * dim, 1);
    if (data.length !== count * size || labels.length !== count) {
      const expected = `${count} samples of (${this.sampleDims.join(', ')})`;
      throw new InvalidInputError("the data's size", data.length, expected, origin);
    }
    const wrong = labels.find((label) => label < 0 || label >= params.classes.length);
    if (wrong !== undefined) throw new InvalidInputError('a label', wrong, `0 to ${params.classes.length - 1}`, origin);
  }
}
