import { join, parse } from 'node:path';
import { inNaturalOrder } from '../camera/folder_source.js';
import { readFolderOf } from '../files.js';

/** Files of a folder in a tree. */
export interface FolderFiles {
  /** From the tree's root, parted by slashes; empty for the root itself. */
  readonly folder: string;
  /** Their names, in natural order. */
  readonly names: readonly string[];
}

/**
 * The folders of a tree that have files of a kind, at any depth, in natural order. Hidden files and folders are passed over.
 *
 * @throws InvalidInputError naming the folder that cannot be read
 */
export function listFileTree(root: string, isWanted: (name: string) => boolean): FolderFiles[] {
  const walk = (folder: string): FolderFiles[] => {
    const entries = readFolderOf('the folder', join(root, folder)).filter(({ name }) => !name.startsWith('.'));
    const names = inNaturalOrder(
      entries.flatMap((entry) => (entry.isDirectory() || !isWanted(entry.name) ? [] : [entry.name])),
    );
    const folders = inNaturalOrder(entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])));
    const below = folders.flatMap((name) => walk(folder === '' ? name : `${folder}/${name}`));
    return names.length > 0 ? [{ folder, names }, ...below] : below;
  };
  return walk('');
}

/** A file's name without its ending. */
export function stemOf(name: string): string {
  return parse(name).name;
}
