import { join, parse } from 'node:path';
import { inNaturalOrder } from '../camera/folder_source.js';
import { isFolder, readFolderOf } from '../files.js';

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
    const path = join(root, folder);
    const names: string[] = [];
    const folders: string[] = [];
    for (const entry of readFolderOf('the folder', path)) {
      if (entry.name.startsWith('.')) continue;
      if (isFolder(path, entry)) folders.push(entry.name);
      else if (isWanted(entry.name)) names.push(entry.name);
    }
    const below = inNaturalOrder(folders).flatMap((name) => walk(folder === '' ? name : `${folder}/${name}`));
    return names.length > 0 ? [{ folder, names: inNaturalOrder(names) }, ...below] : below;
  };
  return walk('');
}

/** A file's name without its ending. */
export function stemOf(name: string): string {
  return parse(name).name;
}
