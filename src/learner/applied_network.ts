import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { fitTemperature } from './calibration/temperature.js';
import { datasetClasses, datasetFrames } from './checkpoint/dataset_classes.js';
import { readModel, writeModel, writeOptimizedModel } from './checkpoint/model_directory.js';
import { ExportedNetwork } from './checkpoint/onnx_model.js';
import { type Dataset, openDataset } from './dataset.js';
import { type DownloadControl, type DownloadOptions, download } from './download/download.js';
import type { Engine, NetworkPasses } from './engine/engine.js';
import { openEngine } from './engine/open_engine.js';
import { type EvalResults, evaluateNetwork } from './evaluation/evaluate_network.js';
import { answerSource } from './inference/answer_source.js';
import type { ExpressionEstimate } from './inference/expression_estimate.js';
import { CONSTRUCTOR } from './learner_model.js';
import { ModelHolder } from './model_holder.js';
import { exportedGraphBytes } from './onnx/export_graph.js';
import {
  type CalibrateOptions,
  calibrateOptionsSchema,
  type EvalOptions,
  evalOptionsSchema,
  type InferOptions,
  inferOptionsSchema,
} from './options.js';
import { SeededRandom } from './random/seeded_random.js';
import { batchesOf, inMemory, type SampleSource, sampleSize } from './samples.js';
import { optimizerInfoOf } from './training/fit_network.js';

/** What a learner does with a network that it has: answers, evaluates, calibrates, saves, loads and optimizes it. */
export class AppliedNetwork extends ModelHolder {
  private engine: Promise<Engine> | null = null;
  private passes: Promise<NetworkPasses> | null = null;

  /** What runs the network, such as "onnxruntime 1.30.0 on cpu, 2 threads". */
  async describeEngine(): Promise<string> {
    return (await this.openedEngine()).describe();
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
    const { source, close } = await openDataset(given, filesOf(options), this.expectedSamples(), 'the validation data');
    try {
      return await evaluateNetwork(await this.openedPasses(), source, params, options, this.options);
    } finally {
      await close();
    }
  }

  /**
   * Fits the temperature on samples that trained nothing, such as validation data, and keeps it in the metadata: the
   * confidence then fits how often the answers are right (Guo et al. 2017).
   *
   * @param options those of `eval` that say how answers are drawn and which files hold the samples
   * @returns the temperature
   */
  async calibrate(dataset: Dataset, calibrateOptions: CalibrateOptions = {}): Promise<number> {
    const options = parseOptions(calibrateOptionsSchema, calibrateOptions, 'calibrate');
    const opened = await openDataset(dataset, filesOf(options), this.expectedSamples(), 'the validation data');
    try {
      const repeats = options.monteCarloDropout ? options.mcdoRepeats : 0;
      const logits = await this.logits(opened.source, repeats);
      this.temperature = fitTemperature([{ logits, labels: opened.source.labels }], this.classes.length);
      return this.temperature;
    } finally {
      await opened.close();
    }
  }

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
    // The graph answers by class.
    const { class_of_output: _, ...answers } = params;
    this.replaceModel({ kind: 'optimized', bytes, params: answers });
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

  protected openedEngine(): Promise<Engine> {
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

  protected async closePasses(): Promise<void> {
    const { passes } = this;
    this.passes = null;
    await (await passes?.catch(() => null))?.release();
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

/** The files of an ExternalDataset's validation data. */
export function filesOf(options: { readonly valDataFilename: string; readonly valLabelsFilename: string }) {
  return { dataFilename: options.valDataFilename, labelsFilename: options.valLabelsFilename };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
