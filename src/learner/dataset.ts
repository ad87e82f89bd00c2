import { type DatasetFiles, ExternalDataset } from '../datasets/external_dataset.js';
import { type Sample, sampleSourceOf } from '../datasets/sample_source.js';
import { InvalidInputError } from '../errors.js';
import { type EpochSource, inMemory, type SampleDims, type SampleSource, type Samples } from './samples.js';
import type { TrainingSource } from './training/train.js';

/** Labelled samples as the learner's methods take them. */
export type Dataset = ExternalDataset | SampleSource | Samples | Iterable<Sample> | AsyncIterable<Sample>;

/** What the learner's methods train on: the same samples in each epoch, or freshly augmented ones. */
export type TrainingDataset = Dataset | EpochSource | EpochSource<SampleSource>;

/** What the samples of a learner have to be. */
export interface ExpectedSamples {
  readonly inChannels: number;
  /** null: any. */
  readonly numFrames: number | null;
  readonly numPoint: number;
  readonly numPerson: number;
  readonly numClass: number;
}

/** A dataset that is open for reading. */
export interface OpenDataset {
  readonly source: SampleSource;
  /** Closes the files that were opened for it. */
  close(): Promise<void>;
}

/** As `OpenDataset`, for training. */
export interface OpenTrainingDataset {
  readonly source: TrainingSource;
  close(): Promise<void>;
}

/**
 * Opens a dataset for reading, and checks it.
 *
 * @param origin what the dataset is, for errors
 * @throws InvalidInputError naming the option that the samples contradict, or the label that is none of the classes
 */
export async function openDataset(
  dataset: Dataset,
  files: DatasetFiles,
  expected: ExpectedSamples,
  origin: string,
): Promise<OpenDataset> {
  checkKind(dataset, origin);
  if (!(dataset instanceof ExternalDataset)) {
    const source = await sourceOf(dataset, expected, origin);
    checkSource(source, expected, origin);
    return { source, close: async () => undefined };
  }
  const source = await dataset.open(files);
  try {
    checkSource(source, expected, origin);
  } catch (error) {
    await source.close();
    throw error;
  }
  return { source, close: () => source.close() };
}

/** As `openDataset`; a source of freshly augmented epochs is checked epoch by epoch. */
export async function openTrainingDataset(
  dataset: TrainingDataset,
  files: DatasetFiles,
  expected: ExpectedSamples,
  origin: string,
): Promise<OpenTrainingDataset> {
  checkKind(dataset, origin);
  if (!('epoch' in dataset)) {
    const { source, close } = await openDataset(dataset, files, expected, origin);
    return { source: { epoch: () => source }, close };
  }
  const source: TrainingSource = {
    epoch: (seed) => {
      const samples = dataset.epoch(seed);
      const source =
        'data' in samples
          ? inMemory(samples, dimsOf(samples.data.length, samples.count, expected, origin), origin)
          : samples;
      checkSource(source, expected, origin);
      return source;
    },
  };
  return { source, close: async () => undefined };
}

/** What a program without types may give instead of a dataset, such as a path, is named. */
function checkKind(dataset: TrainingDataset, origin: string): void {
  const kinds = ['epoch', 'gather', 'data', Symbol.iterator, Symbol.asyncIterator];
  const given: unknown = dataset;
  if (typeof given === 'object' && given !== null) {
    if (given instanceof ExternalDataset || kinds.some((kind) => kind in given)) return;
  }
  throw new InvalidInputError('the dataset', given, 'an ExternalDataset, or samples', origin);
}

async function sourceOf(
  dataset: Exclude<Dataset, ExternalDataset>,
  expected: ExpectedSamples,
  origin: string,
): Promise<SampleSource> {
  if ('gather' in dataset) return dataset;
  if ('data' in dataset) return inMemory(dataset, dimsOf(dataset.data.length, dataset.count, expected, origin), origin);
  const samples: Sample[] = [];
  for await (const sample of dataset) samples.push({ ...sample, data: Float32Array.from(sample.data) });
  const dims = dimsOf(samples[0]?.data.length ?? 0, Math.min(1, samples.length), expected, origin);
  return { ...(await sampleSourceOf(samples, dims)), origin };
}

/** (C, T, V, M) of samples in memory: T by their size, or else V by it, where T is known. */
function dimsOf(
  length: number,
  count: number,
  { inChannels, numFrames, numPoint, numPerson }: ExpectedSamples,
  origin: string,
): SampleDims {
  checkCount(count, origin);
  const frames = length / (count * inChannels * numPoint * numPerson);
  if (Number.isInteger(frames) && frames >= 1) return [inChannels, frames, numPoint, numPerson];
  const points = numFrames === null ? 0 : length / (count * inChannels * numFrames * numPerson);
  if (numFrames !== null && Number.isInteger(points) && points >= 1) {
    return [inChannels, numFrames, points, numPerson];
  }
  const frame = `inChannels x numPoint x numPerson = ${inChannels} x ${numPoint} x ${numPerson}`;
  throw new InvalidInputError("the data's size", length, `${count} samples of whole frames of ${frame}`, origin);
}

function checkCount(count: number, origin: string): void {
  if (count === 0) throw new InvalidInputError('the number of samples', 0, 'one or more', origin);
}

function checkSource(source: SampleSource, expected: ExpectedSamples, given: string): void {
  const { dims, labels, count, origin = given, labelsOrigin = origin } = source;
  checkCount(count, origin);
  const [channels, frames, points, persons] = dims;
  const pairs: [string, number | null, number][] = [
    ['inChannels', expected.inChannels, channels],
    ['numFrames', expected.numFrames, frames],
    ['numPoint', expected.numPoint, points],
    ['numPerson', expected.numPerson, persons],
  ];
  for (const [option, said, found] of pairs) {
    if (said !== null && said !== found) {
      throw new InvalidInputError(option, said, `${found}, as the samples (${dims.join(', ')}) have it`, origin);
    }
  }
  if (labels.length !== count) {
    throw new InvalidInputError('the number of labels', labels.length, `${count}`, labelsOrigin);
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= expected.numClass);
  if (wrong !== -1) {
    const classes = `0 to ${expected.numClass - 1} (numClass is ${expected.numClass})`;
    throw new InvalidInputError(`the label of sample ${wrong}`, labels[wrong], classes, labelsOrigin);
  }
}
