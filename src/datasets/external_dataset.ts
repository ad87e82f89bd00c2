import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOptions } from '../options.js';
import { type FileSampleSource, openSampleSource } from './sample_source.js';

const externalDatasetSchema = z.strictObject({ path: z.string().min(1), datasetType: z.string().min(1) });

/** Names of the files of a dataset, within its folder. */
export interface DatasetFiles {
  /** A .npy file (N, C, T, V, M). */
  readonly dataFilename: string;
  /** A pickle or JSON of labels; where a .pkl is not there, a .json of the same name is taken. */
  readonly labelsFilename: string;
}

/** A dataset in a folder, as OpenDR names it. */
export class ExternalDataset {
  /** The folder. */
  readonly path: string;
  /** What the data are of, such as AFEW, CASIA or CK+: any name. */
  readonly datasetType: string;

  /** @throws InvalidInputError where either is empty or no text */
  constructor(path: string, datasetType: string) {
    const options = parseOptions(externalDatasetSchema, { path, datasetType }, "ExternalDataset's constructor");
    this.path = options.path;
    this.datasetType = options.datasetType;
  }

  /**
   * Opens the samples in two of the folder's files; close them when they are no longer needed.
   *
   * @throws InvalidInputError naming the file that is missing or damaged, or contradicts the other one
   */
  async open({ dataFilename, labelsFilename }: DatasetFiles): Promise<FileSampleSource> {
    return openSampleSource(await this.pathOf(dataFilename), await this.labelsPath(labelsFilename));
  }

  /** Where a file of this name is not there, one that differs by capital letters is taken: OpenDR writes Train.npy. */
  private async pathOf(name: string): Promise<string> {
    const path = join(this.path, name);
    if (await exists(path)) return path;
    const names = await readdir(this.path).catch(() => []);
    const alike = names.filter((other) => other.toLowerCase() === name.toLowerCase());
    return alike.length === 1 ? join(this.path, alike[0]!) : path;
  }

  private async labelsPath(name: string): Promise<string> {
    const path = await this.pathOf(name);
    const json = await this.pathOf(name.replace(/\.pkl$/, '.json'));
    return !(await exists(path)) && (await exists(json)) ? json : path;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
