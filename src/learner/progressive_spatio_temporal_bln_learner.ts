import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import { AppliedNetwork, filesOf } from './applied_network.js';
import { buildingRun } from './building/building_run.js';
import type { BuildCandidate } from './building/candidate.js';
import { buildNetwork } from './building/network_builder.js';
import { type Dataset, openDataset, openTrainingDataset, type TrainingDataset } from './dataset.js';
import type { EvalResults } from './evaluation/evaluate_network.js';
import { CONSTRUCTOR, paramsOf, shapeOf } from './learner_model.js';
import {
  type FitOptions,
  fitOptionsSchema,
  type NetworkBuilderOptions,
  networkBuilderOptionsSchema,
  type ParsedFitOptions,
} from './options.js';
import type { SampleSource } from './samples.js';
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

/** What is heard of every epoch; training ends early where it answers false. */
export type OnEpoch = (record: EpochRecord) => Promise<boolean> | boolean;

/** Learns, builds, evaluates, saves, loads and applies PST-BLN networks. */
export class ProgressiveSpatioTemporalBLNLearner extends AppliedNetwork {
  /**
   * Trains the network (a fresh one where there is none yet).
   *
   * @param dataset samples (N, C, T, V, M), or a source of freshly augmented ones for each epoch
   * @param valDataset samples that choose nothing, unless early stopping is on; null for none
   */
  async fit(
    dataset: TrainingDataset,
    valDataset: Dataset | null,
    fitOptions: FitOptions = {},
    onEpoch: OnEpoch = () => true,
  ): Promise<FitResult> {
    const fit = parseOptions(fitOptionsSchema, fitOptions, 'fit');
    const { options } = this;
    const opened = await this.openData(dataset, valDataset, fit);
    try {
      const { source, first, validation } = opened;
      if (!this.hasModel) this.initModel(first.dims[1]);
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
    dataset: TrainingDataset,
    valDataset: Dataset | null,
    builderOptions: NetworkBuilderOptions = {},
    onCandidate: (candidate: BuildCandidate, epochs: readonly EpochRecord[]) => void = () => undefined,
  ): Promise<readonly number[]> {
    const { resume, ...fit } = parseOptions(networkBuilderOptionsSchema, builderOptions, 'networkBuilder');
    const { options } = this;
    const opened = await this.openData(dataset, valDataset, fit);
    const log = new TrainingLog({ ...fit, experimentName: options.experimentName });
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

  /** Opens what `fit` and `networkBuilder` work on; `first` are the samples of the first epoch. */
  private async openData(
    dataset: TrainingDataset,
    valDataset: Dataset | null,
    fit: ParsedFitOptions,
  ): Promise<{
    source: TrainingSource;
    first: SampleSource;
    validation: SampleSource | null;
    close: () => Promise<void>;
  }> {
    const trainFiles = { dataFilename: fit.trainDataFilename, labelsFilename: fit.trainLabelsFilename };
    const training = await openTrainingDataset(dataset, trainFiles, this.expectedTraining(), 'the training data');
    try {
      const first = await training.source.epoch(this.options.seed);
      const expected = { ...this.expectedSamples(), numFrames: first.dims[1] };
      const validation = valDataset && (await openDataset(valDataset, filesOf(fit), expected, 'the validation data'));
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
}
