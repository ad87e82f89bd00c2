import { z } from 'zod';
import type { Dataset } from './dataset.js';
import { engineNameSchema } from './engine/engine.js';
import { deviceSchema } from './onnx/device.js';

const positive = z.int().min(1);
const count = z.int().min(0);
/** A relative drop of a loss; negative ones accept a rise. */
const threshold = z.number().min(-1).max(1);

/** Options of the learner: the reference's names and defaults, and ours. */
export const learnerOptionsSchema = z.strictObject({
  lr: z.number().positive().default(0.1),
  batchSize: positive.default(128),
  optimizerName: z.enum(['sgd', 'adam']).default('sgd'),
  /** '': the learning rate is divided by 10 after each epoch in `dropAfterEpoch`; 'cosine': half a cosine wave to 0. */
  lrSchedule: z.enum(['', 'cosine']).default(''),
  /** Epochs after which a checkpoint is written, again and again; 0 writes none. */
  checkpointAfterIter: count.default(0),
  /** The epoch of the checkpoint that training starts from; 0 starts from the learner's own network. */
  checkpointLoadIter: count.default(0),
  /** Folder of checkpoints and of what building writes. */
  tempPath: z.string().min(1).default('temp'),
  device: deviceSchema.default('auto'),
  /** Processes that read data in the reference; here the learner's own process does. */
  numWorkers: count.default(32),
  epochs: positive.default(400),
  experimentName: z
    .string()
    .regex(/^[\w.+-]+$/, 'Invalid input: expected a name of letters, digits, and _ . + -')
    .default('pstbln_casia'),
  /** The first CUDA device that the process sees; the environment's CUDA_VISIBLE_DEVICES says which that is. */
  deviceIndices: z
    .array(z.literal(0, { error: 'Invalid input: expected 0 (CUDA_VISIBLE_DEVICES chooses another device)' }))
    .length(1)
    .default([0]),
  valBatchSize: positive.default(128),
  dropAfterEpoch: z.array(positive).default([400]),
  startEpoch: count.default(0),
  datasetName: z.string().min(1).default('CASIA'),
  numClass: z.int().min(2).default(6),
  /**
   * The class of each of the network's outputs, where several stand for one class (see `classLogits`): labels of training
   * data are outputs then, those of validation data are classes. Empty: one output for each class.
   */
  classOfOutput: z.array(count).default([]),
  numPoint: positive.default(309),
  numPerson: positive.default(1),
  inChannels: positive.default(2),
  blockSize: positive.default(5),
  /** Most blocks of a layer that building tries. */
  numBlocks: positive.default(100),
  /** Most layers that building tries. */
  numLayers: positive.default(10),
  topology: z.array(positive).default([]),
  /** A layer is kept while the loss falls by more than this share. */
  layerThreshold: threshold.default(1e-4),
  /** A block is kept while the loss falls by more than this share. */
  blockThreshold: threshold.default(1e-4),

  /** What building goes by: the mean training loss of the last epoch, or the validation loss after it. */
  criterion: z.enum(['train_loss', 'val_loss']).default('train_loss'),
  engine: engineNameSchema.default('onnxruntime'),
  /** Threads on the processor; 0 takes all cores. */
  threads: count.default(0),
  /** T of a sample; null takes it from the data, and where there are none from `datasetName`. */
  numFrames: positive.nullable().default(null),
  /** Probability of dropping an element of a layer's input. */
  dropoutRate: z.number().min(0).max(0.9).default(0.2),
  labelSmoothing: z.number().min(0).max(0.5).default(0),
  classWeights: z.array(z.number().positive()).nullable().default(null),
  /** Training ends after this many epochs without a better loss (of the validation data where given); 0: never. */
  earlyStoppingPatience: count.default(0),
  /**
   * The network becomes the mean of its weights after each of the last so many epochs, best with a learning rate that
   * stays (Izmailov et al. 2018); 0: that of the last epoch.
   */
  averageEpochs: count.default(0),
  /** Names of the classes, in the order of the labels; empty takes those of `datasetName`. */
  classes: z.array(z.string().min(1)).default([]),
  /** Makes training and Monte Carlo dropout repeatable. */
  seed: count.default(0),
});

export type LearnerOptions = z.input<typeof learnerOptionsSchema>;
export type ParsedLearnerOptions = z.output<typeof learnerOptionsSchema>;

/** Monte Carlo dropout, as `fit`, `eval`, `networkBuilder` and `infer` take it. */
const monteCarloSchema = z.strictObject({
  monteCarloDropout: z.boolean().default(true),
  /** Passes with dropout; at most so many where `mcdoErrorProbability` is given. */
  mcdoRepeats: positive.default(100),
  /** Where given, passes are drawn until the leading class is settled but for this probability. */
  mcdoErrorProbability: z.number().gt(0).lt(0.5).nullable().default(null),
});

/** Names of the files within an ExternalDataset. */
const dataFilesSchema = z.strictObject({
  trainDataFilename: z.string().min(1).default('train.npy'),
  trainLabelsFilename: z.string().min(1).default('train_labels.pkl'),
  valDataFilename: z.string().min(1).default('val.npy'),
  valLabelsFilename: z.string().min(1).default('val_labels.pkl'),
});

const signalSchema = z.instanceof(AbortSignal).nullable().default(null);

export const fitOptionsSchema = z.strictObject({
  /** Folder of log.txt and of the TensorBoard files; '' writes none. */
  loggingPath: z.string().default(''),
  /** Nothing is printed. */
  silent: z.boolean().default(false),
  /** More is printed than the progress. */
  verbose: z.boolean().default(true),
  momentum: z.number().min(0).max(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).default(1e-4),
  ...monteCarloSchema.shape,
  ...dataFilesSchema.shape,
  /** Ends training when aborted, with a checkpoint of the last whole epoch. */
  signal: signalSchema,
});

export type FitOptions = z.input<typeof fitOptionsSchema>;
export type ParsedFitOptions = z.output<typeof fitOptionsSchema>;

export const networkBuilderOptionsSchema = z.strictObject({
  ...fitOptionsSchema.shape,
  /** Whether to go on with an unfinished run in `tempPath`; false starts anew. */
  resume: z.boolean().default(true),
});

export type NetworkBuilderOptions = z.input<typeof networkBuilderOptionsSchema>;

export const evalOptionsSchema = z.strictObject({
  /** Samples that take the place of the dataset. */
  valLoader: z
    .custom<Dataset>((value) => typeof value === 'object')
    .nullable()
    .default(null),
  /** The epoch that the results are said to be of. */
  epoch: count.default(0),
  /**
   * (N): what the pixels of each sample's face look like (FaceAppearance), null where nobody looked; they count as the model's
   * `appearance` says. null: of no sample.
   */
  appearances: z
    .array(z.custom<Float32Array>((value) => value instanceof Float32Array, 'the features (256)').nullable())
    .nullable()
    .default(null),
  /**
   * (N): how much the face that each sample is compared with is the person's own, 0 to 1: beside `appearances` landmarks count as much
   * more. null: of no sample.
   */
  referenceWeights: z.array(z.number().min(0).max(1)).nullable().default(null),
  ...monteCarloSchema.shape,
  silent: z.boolean().default(false),
  verbose: z.boolean().default(true),
  valDataFilename: dataFilesSchema.shape.valDataFilename,
  valLabelsFilename: dataFilesSchema.shape.valLabelsFilename,
  /** Writes the scores as a pickled dictionary from sample names: to this file, or under `tempPath`. */
  saveScore: z.union([z.boolean(), z.string().min(1)]).default(false),
  /** File of the wrong answers, one `index,predicted,true` a line. */
  wrongFile: z.string().min(1).nullable().default(null),
  /** File of all answers, one `predicted,true` a line. */
  resultFile: z.string().min(1).nullable().default(null),
  showTopk: z.array(positive).default([1, 5]),
});

export type EvalOptions = z.input<typeof evalOptionsSchema>;

export const calibrateOptionsSchema = z.strictObject({
  monteCarloDropout: monteCarloSchema.shape.monteCarloDropout,
  mcdoRepeats: monteCarloSchema.shape.mcdoRepeats,
  valDataFilename: dataFilesSchema.shape.valDataFilename,
  valLabelsFilename: dataFilesSchema.shape.valLabelsFilename,
});

export type CalibrateOptions = z.input<typeof calibrateOptionsSchema>;

export const inferOptionsSchema = z.strictObject({
  ...monteCarloSchema.shape,
  /** Makes the answer repeatable; null takes the learner's. */
  seed: count.nullable().default(null),
});

export type InferOptions = z.input<typeof inferOptionsSchema>;

export type MonteCarloOptions = z.output<typeof monteCarloSchema>;
