import { join, parse } from 'node:path';
import { inNaturalOrder, isImageName } from '../camera/folder_source.js';
import { InvalidInputError } from '../errors.js';
import { readFolderOf } from '../files.js';
import { NEUTRAL_FRAME } from './neutral_faces.js';

/** Images of one face that are one sample: the frames of a sequence, or a still. */
export interface LabelledImages {
  readonly kind: 'sequence' | 'still';
  /** The name of the class's folder. */
  readonly category: string;
  /** The sequence's folder, or the still's file. */
  readonly path: string;
  /** The class's folder, for messages. */
  readonly classFolder: string;
  /** The images, in natural order of their names. */
  readonly files: readonly string[];
  /** Of each file: the number that its name ends with; its place in the sequence, from 1, where there is none. */
  readonly frameNumbers: readonly number[];
}

/**
 * Lists a tree of images: SUBJECT/CLASS/SEQUENCE/ with the frames of a sequence, and CLASS/ with stills; a tree may hold
 * both. Other files than images, and folders that are hidden, are passed over.
 *
 * @throws InvalidInputError naming the folder that is not as expected
 */
export function listImageTree(root: string): LabelledImages[] {
  const samples = entriesOf(root).folders.flatMap((name) => {
    const folder = join(root, name);
    const { folders, images } = entriesOf(folder);
    const stills = images.map(
      (image): LabelledImages => ({
        kind: 'still',
        category: name,
        path: join(folder, image),
        classFolder: folder,
        files: [join(folder, image)],
        frameNumbers: [NEUTRAL_FRAME + 1],
      }),
    );
    return [...stills, ...folders.flatMap((category) => sequencesIn(join(folder, category), category))];
  });
  if (samples.length === 0) {
    throw new InvalidInputError('the image tree', root, 'SUBJECT/CLASS/SEQUENCE/ or CLASS/ with images in it', root);
  }
  return samples;
}

/** The sequences of SUBJECT/CLASS. */
function sequencesIn(classFolder: string, category: string): LabelledImages[] {
  const { folders, images } = entriesOf(classFolder);
  if (images.length > 0) {
    const expected = 'in SUBJECT/CLASS/SEQUENCE/, or as a still in CLASS/';
    throw new InvalidInputError('an image', images[0], expected, classFolder);
  }
  return folders.map((name) => {
    const path = join(classFolder, name);
    const names = entriesOf(path).images;
    if (names.length === 0) throw new InvalidInputError('the sequence', path, 'images in it', classFolder);
    const files = names.map((file) => join(path, file));
    const frameNumbers = names.map((file, i) => Number(/\d+$/.exec(parse(file).name)?.[0] ?? i + 1));
    return { kind: 'sequence', category, path, classFolder, files, frameNumbers };
  });
}

function entriesOf(folder: string): { folders: string[]; images: string[] } {
  const entries = readFolderOf('the folder', folder);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const images = entries.filter((entry) => !entry.isDirectory() && isImageName(entry.name));
  return {
    folders: inNaturalOrder(folders.map(({ name }) => name)),
    images: inNaturalOrder(images.map(({ name }) => name)),
  };
}

/** Those of `names` that a folder's name may mean: the very same, else all that differ in small and capital letters alone. */
export function namesLike(folder: string, names: readonly string[]): string[] {
  if (names.includes(folder)) return [folder];
  return names.filter((name) => name.toLowerCase() === folder.toLowerCase());
}

/**
 * The index of the class that each sample's folder names, small and capital letters alike where that is unambiguous.
 *
 * @throws InvalidInputError naming a class's folder that names none of `classes`, or several
 */
export function labelsOfImages(samples: readonly LabelledImages[], classes: readonly string[]): Int32Array {
  return Int32Array.from(samples, ({ category, classFolder }) => {
    const alike = namesLike(category, classes);
    if (alike.length === 1) return classes.indexOf(alike[0]!);
    const expected = `one of the model's: ${(alike.length > 0 ? alike : classes).join(', ')}`;
    throw new InvalidInputError('the class', category, expected, classFolder);
  });
}
