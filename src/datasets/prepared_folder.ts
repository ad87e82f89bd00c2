import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import { readFileIfThere, readFolderOf, writeFileWhole } from '../files.js';
import { jsonText, parseJson } from '../json.js';
import { windowDescriptionSchema } from '../learner/checkpoint/metadata.js';
import { parseOptions } from '../options.js';
import { musclesSchema } from '../perception/window/muscles.js';

/** A data file of a folder of samples, with its labels. */
export interface PreparedPart {
  readonly split: 'train' | 'val';
  /** null where the data are in no folds. */
  readonly fold: number | null;
  /** Names within the folder. */
  readonly dataFilename: string;
  readonly labelsFilename: string;
}

/** What the samples of a folder are: ours, beside the reference's files. */
export const preparedDescriptionSchema = z.strictObject({
  dataset_name: z.string().min(1),
  /** In the order of the labels. */
  classes: z.array(z.string().min(1)).min(1),
  /** inner: the 51 landmarks without the jaw; all: 68. */
  points: z.enum(['inner', 'all']),
  /** What found the landmarks; null where that is not known. */
  extractor: z.string().min(1).nullable(),
  /** The samples are muscles: differences of these pairs of points, instead of the points. */
  muscles: musclesSchema.optional(),
  /** How a live window becomes such a sample, before muscles are made of it; left out, it cannot. */
  window: windowDescriptionSchema.optional(),
});

export type PreparedDescription = z.output<typeof preparedDescriptionSchema>;

/** The reference's names of data and of labels, ours being the first of the forms: Train.npy, _train_0.npy, Train_muscle_0.npy. */
const DATA_NAME = /^_?(train|val)(?:_muscle)?(?:_(\d+))?\.npy$/i;
const LABELS_NAME = /^_?(train|val)_labels?(?:_(\d+))?\.(?:pkl|json)$/i;

const DESCRIPTION = 'dataset.json';

/**
 * The data files of a folder of samples, as `prepare` and the reference's scripts write them: Train.npy, Val.npy, or
 * _train_K.npy, _val_K.npy of folds; small and capital letters are the same.
 *
 * @returns training data before validation data, in the order of the folds
 * @throws InvalidInputError naming the folder, or the file that has no labels
 */
export function listPreparedParts(folder: string): PreparedPart[] {
  const names = readFolderOf('the folder of samples', folder).map(({ name }) => name);
  const parts = names.sort().flatMap((dataFilename): PreparedPart[] => {
    const match = DATA_NAME.exec(dataFilename);
    if (match === null) return [];
    const key = partKey(match);
    const labelsFilename = names.find((name) => {
      const labels = LABELS_NAME.exec(name);
      return labels !== null && partKey(labels) === key;
    });
    if (labelsFilename === undefined) {
      throw new InvalidInputError('the labels', undefined, `a file of labels beside ${dataFilename}`, folder);
    }
    const split = match[1]!.toLowerCase() as PreparedPart['split'];
    return [{ split, fold: match[2] === undefined ? null : Number(match[2]), dataFilename, labelsFilename }];
  });
  if (parts.length === 0) {
    throw new InvalidInputError(
      'the folder',
      folder,
      'Train.npy and Val.npy, or _train_0.npy, _val_0.npy, ...',
      folder,
    );
  }
  return parts.sort((a, b) => (a.fold ?? 0) - (b.fold ?? 0) || (a.split < b.split ? -1 : a.split > b.split ? 1 : 0));
}

function partKey([, split, fold]: RegExpExecArray): string {
  return `${split!.toLowerCase()} ${fold === undefined ? '' : Number(fold)}`;
}

/** The names of a part's files, as the reference has them. */
export function partNames(split: PreparedPart['split'], fold: number | null): PreparedPart {
  if (fold !== null) {
    return { split, fold, dataFilename: `_${split}_${fold}.npy`, labelsFilename: `_${split}_labels_${fold}.pkl` };
  }
  const name = split === 'train' ? 'Train' : 'Val';
  return { split, fold, dataFilename: `${name}.npy`, labelsFilename: `${name}_labels.pkl` };
}

/** Whether a folder has data files as `listPreparedParts` finds them. */
export function isPreparedFolder(folder: string): boolean {
  return readFolderOf('the folder', folder).some(({ name }) => DATA_NAME.test(name));
}

/**
 * Removes data files and labels of an earlier run that are none of these parts': ten folds must not stand beside five others.
 */
export async function removeOtherParts(
  folder: string,
  parts: readonly Pick<PreparedPart, 'dataFilename' | 'labelsFilename'>[],
): Promise<void> {
  const kept = new Set(parts.flatMap(({ dataFilename, labelsFilename }) => [dataFilename, labelsFilename]));
  for (const { name } of readFolderOf('the folder of samples', folder)) {
    if (!kept.has(name) && (DATA_NAME.test(name) || LABELS_NAME.test(name))) await rm(join(folder, name));
  }
}

/** What the samples of a folder are; null where nobody wrote that down, as of the reference's files. */
export async function readPreparedDescription(folder: string): Promise<PreparedDescription | null> {
  const path = join(folder, DESCRIPTION);
  const text = await readFileIfThere('the description of the samples', path);
  return (
    text && parseOptions(preparedDescriptionSchema, parseJson(text.toString('utf8'), 'the description', path), path)
  );
}

export async function writePreparedDescription(folder: string, description: PreparedDescription): Promise<void> {
  await writeFileWhole(join(folder, DESCRIPTION), jsonText(description));
}
