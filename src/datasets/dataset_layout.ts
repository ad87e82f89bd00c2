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
 * The classes of folders in one order: the dataset's own in its order, up to the last one that occurs, so that labels are the
 * reference's; then others in alphabetical order.
 *
 * @param found names of class folders
 * @param dataset one of the reference's; of any other, the order is alphabetical
 */
export function classOrder(found: readonly string[], dataset: string): string[] {
  const names = [...new Set(found)].sort();
  const known = referenceClasses(dataset);
  const last = known.findLastIndex((name) => names.includes(name));
  return [...known.slice(0, last + 1), ...names.filter((name) => !known.includes(name))];
}
