import { InvalidInputError } from '../errors.js';
import { referenceClasses } from '../learner/checkpoint/dataset_classes.js';
import type { FolderFiles } from './file_tree.js';

/** Datasets whose layout the reference's scripts know. */
export const REFERENCE_DATASETS = ['AFEW', 'CK+', 'CASIA'] as const;

export type ReferenceDataset = (typeof REFERENCE_DATASETS)[number];

/** The two halves of AFEW, as its folders are called. */
export const SPLITS = ['Train', 'Val'] as const;

/**
 * Checks that sequences lie as the reference's scripts want them: Train or Val, class and clip in AFEW; subject and class, and
 * at will a folder for each sequence, in CK+ and CASIA.
 *
 * @param root of the tree, for the error
 * @throws InvalidInputError naming the folder that lies elsewhere
 */
export function checkDatasetLayout(sequences: readonly FolderFiles[], dataset: ReferenceDataset, root: string): void {
  for (const { folder } of sequences) {
    const parts = folder === '' ? [] : folder.split('/');
    if (dataset === 'AFEW') {
      const known = SPLITS.some((split) => split.toLowerCase() === parts[0]?.toLowerCase());
      if (parts.length !== 3 || !known) throw new InvalidInputError('the folder', folder, 'Train|Val/CLASS/CLIP', root);
    } else if (parts.length !== 2 && parts.length !== 3) {
      throw new InvalidInputError('the folder', folder, 'SUBJECT/CLASS, or SUBJECT/CLASS/SEQUENCE', root);
    }
  }
}

/**
 * The classes of folders in one order: those of the dataset, in its order, where it has all of the folders' names; else
 * those of its names that occur, in its order, then the others in alphabetical order.
 *
 * @param found names of class folders
 */
export function classOrder(found: readonly string[], dataset: string | undefined): string[] {
  const names = [...new Set(found)].sort();
  const known = dataset === undefined ? [] : referenceClasses(dataset);
  if (known.length > 0 && names.every((name) => known.includes(name))) return [...known];
  return [...known.filter((name) => names.includes(name)), ...names.filter((name) => !known.includes(name))];
}
