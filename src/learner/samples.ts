import { InvalidInputError } from '../errors.js';
import { indexOfNonFinite } from './finite.js';

/** Labelled samples in memory. */
export interface Samples {
  /** (N, C, T, V, M), flat. */
  readonly data: Float32Array;
  /** (N): indices of classes; of outputs, where a network that learns them has several for a class. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** What training draws its epochs from: the same samples each time, or freshly augmented ones. */
export interface EpochSource<Made extends Samples | SampleSource = Samples> {
  /** The samples of one epoch, in memory or fetched as they are needed; the seed makes it repeatable. */
  epoch(seed: number): Made;
}

/** (C, T, V, M) of a sample: channels, frames, points or muscles, faces. */
export type SampleDims = readonly [number, number, number, number];

/** Labelled samples that may be larger than memory: they are fetched by index, a batch at a time. */
export interface SampleSource {
  readonly count: number;
  readonly dims: SampleDims;
  /** (N): indices of classes. */
  readonly labels: Int32Array;
  /** (N): names of the samples, where they have any. */
  readonly names?: readonly string[] | null;
  /** Where the samples come from, such as a file, for errors. */
  readonly origin?: string;
  /** Where the labels come from, if not from there too. */
  readonly labelsOrigin?: string;
  /**
   * Copies the samples of `indices`, in that order, into the front of `target`, flat (indices.length, C, T, V, M).
   *
   * @throws InvalidInputError where an index is outside 0 .. count - 1, `target` is too small, or the file went bad
   */
  gather(indices: ArrayLike<number>, target: Float32Array): void | Promise<void>;
}

/**
 * Samples in memory as a source of samples.
 *
 * @param origin what they are, for errors
 * @throws InvalidInputError where the sizes of data, labels and `dims` contradict each other
 */
export function inMemory(
  { data, labels, count }: Samples,
  dims: SampleDims,
  origin = 'samples in memory',
): SampleSource {
  const size = sampleSize(dims);
  if (data.length !== count * size || labels.length !== count) {
    const expected = `${count} samples of (${dims.join(', ')}), each with a label`;
    throw new InvalidInputError("the data's size", [data.length, labels.length], expected, origin);
  }
  return {
    count,
    dims,
    labels,
    origin,
    gather(indices, target) {
      checkGather(indices, target, count, size, origin);
      for (let row = 0; row < indices.length; row++) {
        const start = indices[row]! * size;
        target.set(data.subarray(start, start + size), row * size);
      }
    },
  };
}

/** Some samples of a source, one after another. */
export interface SampleBatch {
  /** (count, C, T, V, M), flat; valid until the next batch. */
  readonly data: Float32Array;
  /** Index of the first one. */
  readonly start: number;
  readonly count: number;
}

/**
 * A source from its first sample to its last, in batches of at most `batchSize`.
 *
 * @throws InvalidInputError naming the first sample with an element that is no finite number
 */
export async function* batchesOf(source: SampleSource, batchSize: number): AsyncGenerator<SampleBatch> {
  const size = sampleSize(source.dims);
  const buffer = new Float32Array(Math.min(batchSize, source.count) * size);
  for (let start = 0; start < source.count; start += batchSize) {
    const count = Math.min(batchSize, source.count - start);
    const data = buffer.subarray(0, count * size);
    const indices = Array.from({ length: count }, (_, row) => start + row);
    await source.gather(indices, data);
    checkFinite(source, indices, data);
    yield { data, start, count };
  }
}

/**
 * Checks gathered samples: a network would answer a NaN with NaN.
 *
 * @param indices of the samples in `data` (indices.length, C, T, V, M)
 * @throws InvalidInputError naming the first sample with an element that is no finite number
 */
export function checkFinite({ dims, origin }: SampleSource, indices: ArrayLike<number>, data: Float32Array): void {
  const wrong = indexOfNonFinite(data);
  if (wrong === -1) return;
  const sample = indices[Math.floor(wrong / sampleSize(dims))];
  throw new InvalidInputError(`an element of sample ${sample}`, data[wrong], 'finite numbers', origin ?? 'the samples');
}

/** Elements of a sample. */
export function sampleSize(dims: SampleDims): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** @throws InvalidInputError where an index is outside 0 .. count - 1, or `target` is too small for the rows */
export function checkGather(
  indices: ArrayLike<number>,
  target: Float32Array,
  count: number,
  size: number,
  origin: string,
): void {
  if (target.length < indices.length * size) {
    const expected = `at least ${indices.length * size} elements for ${indices.length} samples`;
    throw new InvalidInputError('the length of the target', target.length, expected, origin);
  }
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]!;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new InvalidInputError('the index of a sample', index, `0 to ${count - 1}`, origin);
    }
  }
}
