import { join } from 'node:path';
import { writeFileWhole } from '../files.js';
import type { SampleDims } from '../learner/samples.js';
import { labelBytes } from './label_file.js';
import { writeNpyRows } from './npy_writer.js';
import type { PreparedPart } from './prepared_folder.js';
import { openSampleSource } from './sample_source.js';

/** One sample that is made of one of the part's. */
export interface MadeSample {
  readonly suffix: string;
  readonly data: Float32Array;
}

/** What a step makes of the samples of a part. */
export interface PartTransform {
  /** (C, T, V, M) of what is made. @throws InvalidInputError where nothing can be made of such samples */
  readonly dims: (dims: SampleDims, origin: string) => SampleDims;
  /** Samples that are made of each. */
  readonly copies: number;
  /** @param index of the sample in its part; `data` need not be kept */
  readonly make: (data: Float32Array, index: number, dims: SampleDims) => Iterable<MadeSample>;
}

/**
 * Writes what a step makes of a data file and its labels, a sample at a time: both may be larger than memory.
 *
 * @returns the number of samples that were written
 * @throws InvalidInputError naming the file that is not as expected; the signal's reason
 */
export async function transformPart(
  from: { readonly folder: string; readonly part: PreparedPart },
  to: { readonly folder: string; readonly part: Pick<PreparedPart, 'dataFilename' | 'labelsFilename'> },
  { dims: dimsOf, copies, make }: PartTransform,
  onSample: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const dataPath = join(from.folder, from.part.dataFilename);
  const source = await openSampleSource(dataPath, join(from.folder, from.part.labelsFilename));
  try {
    const { count, dims } = source;
    const madeDims = dimsOf(dims, dataPath);
    const names: string[] = [];
    const labels: number[] = [];
    async function* rows(): AsyncGenerator<Float32Array> {
      const data = new Float32Array(dims[0] * dims[1] * dims[2] * dims[3]);
      for (let index = 0; index < count; index++) {
        signal.throwIfAborted();
        await source.gather([index], data);
        for (const made of make(data, index, dims)) {
          names.push(`${source.names?.[index] ?? index}${made.suffix}`);
          labels.push(source.labels[index]!);
          yield made.data;
        }
        onSample(index + 1, count);
      }
    }
    await writeNpyRows(join(to.folder, to.part.dataFilename), [count * copies, ...madeDims], rows());
    await writeFileWhole(join(to.folder, to.part.labelsFilename), labelBytes(names, labels));
    return names.length;
  } finally {
    await source.close();
  }
}
