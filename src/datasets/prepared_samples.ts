import { join } from 'node:path';
import { writeFileWhole } from '../files.js';
import { labelBytes } from './label_file.js';
import { writeNpyRows } from './npy_writer.js';
import type { PreparedPart } from './prepared_folder.js';

/** A labelled sample with its name. */
export interface NamedSample {
  readonly name: string;
  /** (C, T, V, M), flat. */
  readonly data: Float32Array;
  readonly label: number;
}

/**
 * Writes samples as the reference's scripts do: a .npy (N, C, T, V, M), and a pickled pair of names and labels.
 *
 * @param dims (C, T, V, M)
 */
export async function writePreparedPart(
  folder: string,
  { dataFilename, labelsFilename }: Pick<PreparedPart, 'dataFilename' | 'labelsFilename'>,
  samples: readonly NamedSample[],
  dims: readonly number[],
): Promise<void> {
  const labels = labelBytes(
    samples.map(({ name }) => name),
    samples.map(({ label }) => label),
  );
  await writeFileWhole(join(folder, labelsFilename), labels);
  await writeNpyRows(
    join(folder, dataFilename),
    [samples.length, ...dims],
    samples.map(({ data }) => data),
  );
}
