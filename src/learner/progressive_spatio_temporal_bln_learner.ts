import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { buildingRun } from './building/building_run.js';
import type { BuildCandidate } from './building/candidate.js';
import { buildNetwork } from './building/network_builder.js';
import { datasetClasses, datasetFrames } from './checkpoint/dataset_classes.js';
import { type InferenceParams, inferenceParamsSchema } from './checkpoint/metadata.js';
import { readModel, writeModel, writeOptimizedModel } from './checkpoint/model_directory.js';
import { ExportedNetwork } from './checkpoint/onnx_model.js';
import { type Dataset, type ExpectedSamples, openDataset, openTrainingDataset } from './dataset.js';
import { type DownloadControl, type DownloadOptions, download } from './download/download.js';
import type { Engine, NetworkPasses } from './engine/engine.js';
import { openEngine } from './engine/open_engine.js';
import { type EvalResults, evaluateNetwork } from './evaluation/evaluate_network.js';
import { answerSource } from './inference/answer_source.js';
import type { ExpressionEstimate } from './inference/expression_estimate.js';
import { CONSTRUCTOR, type LearnerModel, paramsOf, shapeOf } from './learner_model.js';
import { initialiseNetwork } from './network/network_state.js';
import { exportedGraphBytes } from './onnx/export_graph.js';
import {
  type EvalOptions,
  evalOptionsSchema,
  type FitOptions,
  fitOptionsSchema,
  type InferOptions,
  inferOptionsSchema,
  type LearnerOptions,
  learnerOptionsSchema,
  type NetworkBuilderOptions,
  networkBuilderOptionsSchema,
  type ParsedFitOptions,
  type ParsedLearnerOptions,
} from './options.js';
import { SeededRandom } from './random/seeded_random.js';
import { batchesOf, type EpochSource, inMemory, type SampleDims, type SampleSource, sampleSize } from './samples.js';
import { fitNetwork, optimizerInfoOf, trainOptionsOf } from './training/fit_network.js';
import type { TrainingSource } from './training/train.js';
import { TrainingLog } from './training/training_log.js';
import type { EpochRecord, TrainingOutcome } from './training/training_run.js';

/** What `fit` answers. */
export interface FitResult {
  /** Mean training loss of each epoch. */
  readonly trainLoss: readonly number[];
  /** The validation data under the final network; null without validation data. */
  readonly evalResults: EvalResults | null;
  /**
   * The best accuracy that any epoch had on the validation data without dropout, and that epoch: chosen on the very data
   * that it is of, so too good. What the network is worth is in `evalResults`. null without validation data.
   */
  readonly bestAccuracy: number | null;
  readonly bestEpoch: number | null;
  readonly modelName: string;
  readonly epochs: readonly EpochRecord[];
  readonly ended: TrainingOutcome['ended'];
}

/** How windows of landmarks become samples, for the metadata of a model that a live node may use. */
export type WindowDescription = NonNullable<InferenceParams['window']>;

/** What is heard of every epoch; training ends early where it answers false. */
export type OnEpoch = (record: EpochRecord) => Promise<boolean> | boolean;

/** Learns, builds, evaluates, saves, loads and applies PST-BLN networks. */
export class ProgressiveSpatioTemporalBLNLearner {
  private readonly options: ParsedLearnerOptions;
  private model: LearnerModel | null = null;
  private engine: Promise<Engine> | null = null;
  private passes: Promise<NetworkPasses> | null = null;

  /** @throws InvalidInputError naming the option that is unknown or out of its range */
  constructor(options: LearnerOptions = {}) {
    this.options = parseOptions(learnerOptionsSchema, options, CONSTRUCTOR);
  }

  /** (C, T, V, M) of a sample. */
  get sampleDims(): SampleDims {
    const { in_channels, num_frames, num_point, num_person } = this.loaded().params;
    return [in_channels, num_frames, num_point, num_person];
  }

  /** Names of the classes, in the order of the logits. */
  get classes(): readonly string[] {
    return this.loaded().params.classes;
  }

  /** What the data that it learned are called. */
  get datasetName(): string {
    return this.loaded().params.dataset_name;
  }

  /** Blocks of each layer. */
  get topology(): readonly number[] {
    return this.loaded().params.topology;
  }

  /** Divides logits before the softmax; see `calibrate`. */
  get temperature(): number {
    return this.loaded().params.temperature;
  }

  set temperature(value: number) {
    this.changeParams({ temperature: value }, 'the temperature');
  }

  /** How windows of landmarks become samples; null for a model that is fed samples only. */
  get window(): WindowDescription | null {
    return this.loaded().params.window ?? null;
  }

  set window(value: WindowDescription) {
    this.changeParams({ window: value }, 'the window');
  }

  /** What runs the network, such as "onnxruntime 1.30.0 on cpu, 2 threads". */
  async describeEngine(): Promise<string> {
    return (await this.openedEngine()).describe();
  }

  /**
   * A network as before training; the same seed gives the same one.
   *
   * @param numFrames T of a sample; left out, the option numFrames, and without it what datasetName says
   * @throws InvalidInputError where the topology is empty
   */
  initModel(numFrames?: number): void {
    const { options } = this;
    const frames = numFrames ?? options.numFrames ?? datasetFrames(options.datasetName);
    const shape = shapeOf(options, options.topology);
    if (frames === undefined) {
      const expected = `the frames of a sample, since datasetName is ${options.datasetName}`;
      throw new InvalidInputError('numFrames', null, expected, CONSTRUCTOR);
    }
    const params = paramsOf(options, shape, frames);
    this.replaceModel({ kind: 'network', state: initialiseNetwork(shape, options.seed), params });
  }

  /**
   * Trains the network (a fresh one where there is none yet).
   *
   * @param dataset samples (N, C, T, V, M), or a source of freshly augmented ones for each epoch
   * @param valDataset samples that choose nothing, unless early stopping is on; null for none
   */
  async fit(
    dataset: Dataset | EpochSource,
    valDataset: Dataset | null,
    fitOptions: FitOptions = {},
    onEpoch: OnEpoch = () => true,
  ): Promise<FitResult> {
    const fit = parseOptions(fitOptionsSchema, fitOptions, 'fit');
    const { options } = this;
    const opened = await this.openData(dataset, valDataset, fit);
    try {
      const { source, first, validation } = opened;
      if (this.model === null) this.initModel(first.dims[1]);
      const { state, params } = this.network('fit');
      await this.closePasses();
      const engine = await this.openedEngine();
      const outcome = await fitNetwork({ state, params, source, validation, options, fit, engine, onEpoch });
      return await this.fitResult(outcome, validation, fit);
    } finally {
      await opened.close();
    }
  }

  private async fitResult(
    { epochs, ended }: TrainingOutcome,
    validation: SampleSource | null,
    fit: ParsedFitOptions,
  ): Promise<FitResult> {
    const { options } = this;
    const validated = epochs.filter(({ valAccuracy }) => valAccuracy !== null);
    const best = validated.reduce<EpochRecord | null>(
      (top, record) => (top === null || record.valAccuracy! > top.valAccuracy! ? record : top),
      null,
    );
    const { monteCarloDropout, mcdoRepeats, mcdoErrorProbability } = fit;
    return {
      trainLoss: epochs.map(({ loss }) => loss),
      evalResults:
        validation && ended !== 'aborted'
          ? await this.eval(validation, {
              epoch: epochs.at(-1)?.epoch ?? options.startEpoch,
              monteCarloDropout,
              mcdoRepeats,
              mcdoErrorProbability,
              silent: fit.silent,
              verbose: fit.verbose,
            })
          : null,
      bestAccuracy: best?.valAccuracy ?? null,
      bestEpoch: best?.epoch ?? null,
      modelName: options.experimentName,
      epochs,
      ended,
    };
  }

  /**
   * Answers labelled samples and says how right, and how sure, the answers are.
   *
   * @param valDataset the samples; null where `valLoader` brings them
   * @returns with accuracy, loss and score (the mean logits of each sample) as the reference, and much more
   */
  async eval(valDataset: Dataset | null, evalOptions: EvalOptions = {}): Promise<EvalResults> {
    const options = parseOptions(evalOptionsSchema, evalOptions, 'eval');
    const { params } = this.loaded();
    const given = options.valLoader ?? valDataset;
    if (given === null) throw new InvalidInputError('valDataset', null, 'samples, here or as valLoader', 'eval');
    const files = { dataFilename: options.valDataFilename, labelsFilename: options.valLabelsFilename };
    const { source, close } = await openDataset(given, files, this.expectedSamples(), 'the validation data');
    try {
      return await evaluateNetwork(await this.openedPasses(), source, params, options, this.options);
    } finally {
      await close();
    }
  }

  /**
   * Builds the network progressively: layer by layer and block by block, each candidate from the weights of the one
   * before, as long as the loss falls (`layerThreshold`, `blockThreshold`, `numLayers`, `numBlocks`, `criterion`).
   *
   * Under `tempPath` it writes Topology.npy and, in EXPERIMENT_checkpoints, the kept candidates as EXPERIMENT-LAYERS-BLOCKS
   * and building.json, from which the same call goes on where an earlier one was cut short.
   *
   * @param onCandidate hears of every candidate that this call trains
   * @returns the topology; the learner then has the network with exactly the weights of its last kept candidate
   * @throws the signal's reason where it is aborted
   */
  async networkBuilder(
    dataset: Dataset | EpochSource,
    valDataset: Dataset | null,
    builderOptions: NetworkBuilderOptions = {},
    onCandidate: (candidate: BuildCandidate, epochs: readonly EpochRecord[]) => void = () => undefined,
  ): Promise<readonly number[]> {
    const { resume, ...fit } = parseOptions(networkBuilderOptionsSchema, builderOptions, 'networkBuilder');
    const { options } = this;
    const opened = await this.openData(dataset, valDataset, fit);
    const log = await TrainingLog.open({ ...fit, experimentName: options.experimentName, firstStep: null });
    try {
      const { source, first, validation } = opened;
      if (options.criterion === 'val_loss' && validation === null) {
        const expected = 'train_loss where there are no validation data';
        throw new InvalidInputError('criterion', options.criterion, expected, CONSTRUCTOR);
      }
      const frames = first.dims[1];
      const shape = shapeOf(options, [1]);
      const { state, candidates } = await buildNetwork({
        shape,
        params: paramsOf(options, shape, frames),
        optimizerInfo: optimizerInfoOf(options),
        source,
        validation,
        valBatchSize: options.valBatchSize,
        options: trainOptionsOf(options, fit, await this.openedEngine()),
        earlyStoppingPatience: options.earlyStoppingPatience,
        limits: options,
        tempPath: options.tempPath,
        experimentName: options.experimentName,
        run: await buildingRun(options, fit, first, validation),
        resume,
        log,
        onCandidate,
      });
      await this.closePasses();
      this.candidates = candidates;
      this.replaceModel({ kind: 'network', state, params: paramsOf(options, state.layout.shape, frames) });
      return state.layout.shape.topology;
    } finally {
      await log.close();
      await opened.close();
    }
  }

  /** All candidates of the last `networkBuilder`, those of the runs that it went on from as well. */
  candidates: readonly BuildCandidate[] = [];

  /**
   * Answers a batch, each sample for itself.
   *
   * @param facialLandmarksBatch (N, C, T, V, M), flat; a single sample (C, T, V, M) is a batch of one
   */
  async infer(facialLandmarksBatch: Float32Array, inferOptions: InferOptions = {}): Promise<ExpressionEstimate[]> {
    const { seed, ...monteCarlo } = parseOptions(inferOptionsSchema, inferOptions, 'infer');
    const { params } = this.loaded();
    return answerSource(await this.openedPasses(), this.batch(facialLandmarksBatch), params, {
      ...monteCarlo,
      batchSize: this.options.valBatchSize,
      seed: seed ?? this.options.seed,
    });
  }

  /**
   * The raw answers to a batch (N, C, T, V, M), or to a source of samples: logits (R, N, K) of R Monte Carlo passes, or
   * of the one pass without dropout where `mcdoRepeats` is 0.
   */
  async logits(
    samples: Float32Array | SampleSource,
    mcdoRepeats: number,
    seed = this.options.seed,
  ): Promise<Float32Array> {
    const source = samples instanceof Float32Array ? this.batch(samples) : samples;
    const passes = await this.openedPasses();
    const classes = this.classes.length;
    const random = new SeededRandom(seed);
    const repeats = Math.max(1, mcdoRepeats);
    const logits = new Float32Array(repeats * source.count * classes);
    for await (const batch of batchesOf(source, this.options.valBatchSize)) {
      const part = await passes.passes(batch.data, batch.count, mcdoRepeats, random);
      for (let repeat = 0; repeat < repeats; repeat++) {
        const rows = part.subarray(repeat * batch.count * classes, (repeat + 1) * batch.count * classes);
        logits.set(rows, (repeat * source.count + batch.start) * classes);
      }
    }
    return logits;
  }

  /**
   * Writes path/modelName.pt, or .onnx once optimized, and path/modelName.json; each as a whole.
   *
   * @param modelName left out, the experiment's name
   */
  async save(path: string, modelName: string = this.options.experimentName, verbose = true): Promise<void> {
    const model = this.loaded();
    const info = optimizerInfoOf(this.options);
    if (model.kind === 'network') await writeModel(path, modelName, model.state, model.params, info);
    else await writeOptimizedModel(path, modelName, model.bytes, model.params, info);
    if (verbose) say(`wrote ${path}/${modelName}.${model.kind === 'network' ? 'pt' : 'onnx'} and .json`);
  }

  /**
   * Reads path/modelName.json and the .pt or .onnx that it names. What the metadata of a model from OpenDR do not tell
   * is taken from the options: datasetName, classes, blockSize, numFrames.
   *
   * @throws InvalidInputError naming the file that is missing or broken
   */
  async load(path: string, modelName: string = this.options.experimentName, verbose = true): Promise<void> {
    const { classes, numClass, datasetName, blockSize, numFrames, dropoutRate } = this.options;
    const frames = numFrames ?? datasetFrames(datasetName);
    const model = await readModel(path, modelName, {
      classes: classes.length > 0 ? classes : datasetClasses(datasetName, numClass),
      block_size: blockSize,
      dropout_rate: dropoutRate,
      dataset_name: datasetName,
      ...(frames === undefined ? {} : { num_frames: frames }),
    });
    await this.closePasses();
    this.replaceModel(model);
    if (verbose) say(`read ${path}/${modelName}`);
  }

  /**
   * Makes the network an ONNX graph for inference, which `save` then writes as .onnx. It answers as before, Monte Carlo
   * dropout included, but cannot be trained further.
   *
   * @param doConstantFolding folds the batch normalizations into the weights
   */
  async optimize(doConstantFolding = false): Promise<void> {
    const { state, params } = this.network('optimize');
    const bytes = await exportedGraphBytes(state, params, { constantFolding: doConstantFolding });
    await this.closePasses();
    this.replaceModel({ kind: 'optimized', bytes, params });
  }

  /**
   * Downloads data, or a pretrained model, that belong to the learner's datasetName and experimentName (see the function
   * `download`); what is there already is not fetched again.
   *
   * @param url the folder on the server; left out, OpenDR's
   * @returns the folder of the files; for test_data the path of val.npy
   */
  async download(
    path: string,
    mode: DownloadOptions['mode'] = 'train_data',
    verbose = true,
    url?: string,
    control: DownloadControl = {},
  ): Promise<string> {
    const { datasetName, experimentName } = this.options;
    const options = { path, mode, verbose, datasetName, experimentName, ...(url === undefined ? {} : { url }) };
    return download(options, control);
  }

  /** Frees what the engine holds. The learner opens it again when it is used again. */
  async release(): Promise<void> {
    await this.closePasses();
  }

  private loaded(): LearnerModel {
    if (this.model === null) {
      const expected = 'one made by fit, networkBuilder, initModel or load first';
      throw new InvalidInputError('the model', undefined, expected, 'the learner');
    }
    return this.model;
  }

  private network(method: string): Extract<LearnerModel, { kind: 'network' }> {
    const model = this.loaded();
    if (model.kind !== 'network') {
      const expected = 'one that was not optimized (load its .pt)';
      throw new InvalidInputError('the model', 'an optimized one', expected, method);
    }
    return model;
  }

  private changeParams(changes: Partial<InferenceParams>, origin: string): void {
    const model = this.loaded();
    this.replaceModel({
      ...model,
      params: parseOptions(inferenceParamsSchema, { ...model.params, ...changes }, origin),
    });
  }

  private replaceModel(model: LearnerModel): void {
    this.model = model;
  }

  private openedEngine(): Promise<Engine> {
    const { engine, device, threads } = this.options;
    this.engine ??= openEngine({ engine, device, threads }, CONSTRUCTOR);
    return this.engine;
  }

  private openedPasses(): Promise<NetworkPasses> {
    this.passes ??= this.openPasses();
    return this.passes;
  }

  private async openPasses(): Promise<NetworkPasses> {
    const model = this.loaded();
    const { device, threads } = this.options;
    if (model.kind === 'optimized') return ExportedNetwork.open(model.bytes, model.params, { device, threads });
    return (await this.openedEngine()).openInference(model.state, model.params.num_frames, 'stored');
  }

  private async closePasses(): Promise<void> {
    const { passes } = this;
    this.passes = null;
    await (await passes?.catch(() => null))?.release();
  }

  /** Of the model where there is one, else by the options. */
  private expectedSamples(): ExpectedSamples {
    if (this.model === null) return this.options;
    const { in_channels, num_frames, num_point, num_person, classes } = this.model.params;
    return {
      inChannels: in_channels,
      numFrames: num_frames,
      numPoint: num_point,
      numPerson: num_person,
      numClass: classes.length,
    };
  }

  /** Opens what `fit` and `networkBuilder` work on; `first` are the samples of the first epoch. */
  private async openData(
    dataset: Dataset | EpochSource,
    valDataset: Dataset | null,
    fit: ParsedFitOptions,
  ): Promise<{
    source: TrainingSource;
    first: SampleSource;
    validation: SampleSource | null;
    close: () => Promise<void>;
  }> {
    const { trainDataFilename, trainLabelsFilename, valDataFilename, valLabelsFilename } = fit;
    const trainFiles = { dataFilename: trainDataFilename, labelsFilename: trainLabelsFilename };
    const training = await openTrainingDataset(dataset, trainFiles, this.expectedSamples(), 'the training data');
    try {
      const first = await training.source.epoch(this.options.seed);
      const expected = { ...this.expectedSamples(), numFrames: first.dims[1] };
      const valFiles = { dataFilename: valDataFilename, labelsFilename: valLabelsFilename };
      const validation = valDataset && (await openDataset(valDataset, valFiles, expected, 'the validation data'));
      const close = async () => {
        await training.close();
        await validation?.close();
      };
      return { source: training.source, first, validation: validation?.source ?? null, close };
    } catch (error) {
      await training.close();
      throw error;
    }
  }

  private batch(data: Float32Array): SampleSource {
    const dims = this.sampleDims;
    const count = data.length / sampleSize(dims);
    if (!Number.isInteger(count)) {
      const expected = `whole samples of (${dims.join(', ')}): a multiple of ${sampleSize(dims)}`;
      throw new InvalidInputError("the batch's size", data.length, expected, 'infer');
    }
    return inMemory({ data, labels: new Int32Array(count), count }, dims);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
