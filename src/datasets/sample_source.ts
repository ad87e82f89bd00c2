import { InvalidInputError } from '../errors.js';
import { inMemory, type SampleDims, type SampleSource, sampleSize } from '../learner/samples.js';
import { checkedLabel, readLabels } from './label_file.js';
import { NpyFile } from './npy_file.js';

/** Samples in files, which are open until they are closed. */
export interface FileSampleSource extends SampleSource {
  /** The file of the samples. */
  readonly origin: string;
  /** The file of the labels. */
  readonly labelsOrigin: string;
  close(): Promise<void>;
}

/** A labelled sample of any origin. */
export interface Sample {
  /** (C, T, V, M), flat. */
  readonly data: Float32Array | readonly number[];
  /** The index of its class. */
  readonly label: number;
  readonly name?: string;
}

/**
 * The samples of a .npy file (N, C, T, V, M) with the labels of another file (see `readLabels`). Samples are read when
 * they are gathered, so the file may be larger than memory. Without the last axis, as old files are, M is 1.
 *
 * @throws InvalidInputError naming the file that is missing or damaged, or contradicts the other one
 */
export async function openSampleSource(dataPath: string, labelsPath: string): Promise<FileSampleSource> {
  const { names, labels } = await readLabels(labelsPath);
  const file = await NpyFile.open(dataPath);
  try {
    const [count, ...dims] = file.dims;
    if (dims.length === 3) dims.push(1);
    const [channels, frames, points, faces] = dims;
    if (dims.length !== 4 || !(channels && frames && points && faces)) {
      throw new InvalidInputError('the shape', file.dims, '(N, C, T, V, M), none of them 0 but N', dataPath);
    }
    if (count !== labels.length) {
      throw new InvalidInputError('the number of labels', labels.length, `${count}, as ${dataPath} has`, labelsPath);
    }
    return {
      count,
      dims: [channels, frames, points, faces],
      labels,
      names,
      origin: dataPath,
      labelsOrigin: labelsPath,
      gather: (indices, target) => file.rows(indices, target),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Samples that a program makes, by a generator or from a list, collected in memory.
 *
 * @param dims (C, T, V, M) of every sample
 * @throws InvalidInputError naming the sample of another size or with a label that is no index
 */
export async function sampleSourceOf(
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  dims: SampleDims,
): Promise<SampleSource> {
  const origin = 'the samples given';
  if (dims.length !== 4 || !dims.every((dim) => Number.isInteger(dim) && dim >= 1)) {
    throw new InvalidInputError('the dims', dims, '(C, T, V, M), whole numbers of 1 or more', origin);
  }
  const size = sampleSize(dims);
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  const names: string[] = [];
  let named = false;
  for await (const { data, label, name } of samples) {
    const index = rows.length;
    if (data.length !== size) {
      throw new InvalidInputError(
        `the size of sample ${index}`,
        data.length,
        `${size}, as (${dims.join(', ')})`,
        origin,
      );
    }
    labels.push(checkedLabel(label, index, origin));
    // A copy: a generator may fill the same array again.
    rows.push(Float32Array.from(data));
    names.push(name ?? String(index));
    named ||= name !== undefined;
  }
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, index) => void data.set(row, index * size));
  const source = inMemory({ data, labels: Int32Array.from(labels), count: rows.length }, dims);
  return { ...source, names: named ? names : null };
}
