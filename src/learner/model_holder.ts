import { InvalidInputError } from '../errors.js';
import { parseOptions } from '../options.js';
import type { Muscles } from '../perception/window/muscles.js';
import type { ModelAppearance } from './appearance/appearance_classifier.js';
import { datasetFrames } from './checkpoint/dataset_classes.js';
import { type InferenceParams, inferenceParamsSchema } from './checkpoint/metadata.js';
import type { ExpectedSamples } from './dataset.js';
import { CONSTRUCTOR, type LearnerModel, paramsOf, shapeOf } from './learner_model.js';
import { outputCount } from './network/network_shape.js';
import { initialiseNetwork } from './network/network_state.js';
import { type LearnerOptions, learnerOptionsSchema, type ParsedLearnerOptions } from './options.js';
import type { SampleDims } from './samples.js';

/** How windows of landmarks become samples, for the metadata of a model that a live node may use. */
export type WindowDescription = NonNullable<InferenceParams['window']>;

/** What a learner has: its options, and once there is one a model, a network or its optimized graph, with its metadata. */
export class ModelHolder {
  protected readonly options: ParsedLearnerOptions;
  private model: LearnerModel | null = null;

  /** @throws InvalidInputError naming the option that is unknown or out of its range */
  constructor(options: LearnerOptions = {}) {
    this.options = parseOptions(learnerOptionsSchema, options, CONSTRUCTOR);
  }

  protected get hasModel(): boolean {
    return this.model !== null;
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

  /** What the pixels of a face tell beside its landmarks where both are seen; null: nothing. */
  get appearance(): ModelAppearance | null {
    return this.loaded().params.appearance;
  }

  set appearance(value: ModelAppearance | null) {
    this.changeParams({ appearance: value }, 'the appearance');
  }

  /** How windows of landmarks become samples; null for a model that is fed samples only. */
  get window(): WindowDescription | null {
    return this.loaded().params.window ?? null;
  }

  set window(value: WindowDescription) {
    this.changeParams({ window: value }, 'the window');
  }

  /** Pairs of points whose differences the samples are made of, of a model that is fed samples only; null: no muscles. */
  get muscles(): Muscles | null {
    return this.loaded().params.muscles ?? null;
  }

  set muscles(value: Muscles) {
    this.changeParams({ muscles: value }, 'the muscles');
  }

  /** Names of the landmark extractors that the model was trained for; empty where that is not known. */
  get landmarkExtractors(): readonly string[] {
    return this.loaded().params.landmark_extractors ?? [];
  }

  set landmarkExtractors(names: readonly string[]) {
    this.changeParams({ landmark_extractors: names.length === 0 ? undefined : [...names] }, 'the landmark extractors');
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

  protected loaded(): LearnerModel {
    if (this.model === null) {
      const expected = 'one made by fit, networkBuilder, initModel or load first';
      throw new InvalidInputError('the model', undefined, expected, 'the learner');
    }
    return this.model;
  }

  protected network(method: string): Extract<LearnerModel, { kind: 'network' }> {
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

  protected replaceModel(model: LearnerModel): void {
    this.model = model;
  }

  /** Of the model where there is one, else by the options. */
  protected expectedSamples(): ExpectedSamples {
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

  /** Labels of training data are outputs of the network. */
  protected expectedTraining(): ExpectedSamples {
    const expected = this.expectedSamples();
    const { classOfOutput } = this.model === null ? this.options : { classOfOutput: this.model.params.class_of_output };
    return { ...expected, numClass: outputCount({ numClass: expected.numClass, classOfOutput: classOfOutput ?? [] }) };
  }
}
