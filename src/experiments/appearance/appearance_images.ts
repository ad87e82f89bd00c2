import { basename, dirname } from 'node:path';
import { readImageFile } from '../../camera/image_file.js';
import { type LabelledImages, listImageTree, namesLike } from '../../datasets/image_tree.js';
import { NEUTRAL_FRAME } from '../../datasets/neutral_faces.js';
import { ExpectedError, InvalidInputError } from '../../errors.js';
import { NETWORK_CLASSES } from '../../perception/appearance/expression_network.js';
import type { Appearance, FaceAppearance } from '../../perception/appearance/face_appearance.js';
import type { LandmarkExtractor } from '../../perception/landmarks/landmark_extractor.js';
import { landmarksOfStill } from '../../perception/landmarks_of_still.js';
import type { AppearanceRecipe } from './appearance_recipe.js';

/** A face in an image, as a classifier of pixels learns it. */
export interface LabelledAppearance {
  readonly category: string;
  /** Whose face it is, as far as it is known. */
  readonly subject: string;
  /** The face and its mirror image. */
  readonly looks: readonly [Appearance, Appearance];
}

/** An image with its label. */
interface LabelledImage {
  readonly file: string;
  readonly category: string;
  readonly subject: string;
}

/**
 * The images of each source (`listImageTree`): every still, and the frames of each sequence but that of the person at rest. A subject's
 * folder says whose a sequence is; each still is taken for another person's. Names of classes that differ in small and capital
 * letters alone are one: as face-api.js's network has it, else as the first source that has it.
 *
 * @throws InvalidInputError naming the folder that is not as expected, or the source with a class that its tree lacks, with fewer than two
 *   classes, or with fewer people than folds
 */
export function labelledImages({ sources, validation_folds: folds }: AppearanceRecipe): LabelledImage[][] {
  const names = [...NETWORK_CLASSES];
  const nameOf = (name: string) => namesLike(name, names)[0] ?? name;
  return sources.map(({ images: tree, classes }) => {
    const all = listImageTree(tree).map((images) => {
      const category = nameOf(images.category);
      if (!names.includes(category)) names.push(category);
      return { ...images, category };
    });
    const found = new Set(all.map(({ category }) => category));
    const missing = classes.find((name) => !found.has(nameOf(name)));
    if (missing !== undefined) {
      const expected = `some of ${[...found].join(', ')}, which ${tree} has`;
      throw new InvalidInputError('sources[].classes', missing, expected, 'the recipe');
    }
    const wanted = classes.length === 0 ? found : new Set(classes.map(nameOf));
    if (wanted.size < 2) {
      throw new InvalidInputError(`the classes of ${tree}`, [...wanted], 'two or more', 'the recipe');
    }
    const labelled = all.filter(({ category }) => wanted.has(category)).flatMap(imagesOf);
    const people = new Set(labelled.map(({ subject }) => subject)).size;
    if (people < folds) {
      throw new InvalidInputError('validation_folds', folds, `at most ${people}, the people of ${tree}`, 'the recipe');
    }
    return labelled;
  });
}

function imagesOf(images: LabelledImages): LabelledImage[] {
  const subject = subjectOf(images);
  return images.files.flatMap((file, at) =>
    images.frameNumbers[at] === NEUTRAL_FRAME ? [] : [{ file, category: images.category, subject }],
  );
}

function subjectOf({ kind, path, classFolder }: LabelledImages): string {
  return kind === 'sequence' ? basename(dirname(classFolder)) : path;
}

/**
 * Looks at the faces of images, one by one.
 *
 * @param tree where the files come from, for an error
 * @param onProgress hears of every image that is done
 * @param signal ends it when aborted
 * @returns the faces in the order of their images, and the files in which there is none, or which cannot be decoded
 */
export async function appearancesOf(
  images: readonly LabelledImage[],
  tree: string,
  { extractor, appearance }: { extractor: LandmarkExtractor; appearance: FaceAppearance },
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<{ faces: LabelledAppearance[]; missed: string[] }> {
  const faces: LabelledAppearance[] = [];
  const missed: string[] = [];
  for (const [at, { file, category, subject }] of images.entries()) {
    signal.throwIfAborted();
    const image = await readImageFile(file, tree).catch((error: unknown) => {
      if (!(error instanceof ExpectedError)) throw error;
      return null;
    });
    const face = image && (await landmarksOfStill(image, extractor));
    if (image && face) faces.push({ category, subject, looks: await appearance.bothWays(image, face.landmarks) });
    else missed.push(file);
    onProgress(at + 1);
  }
  return { faces, missed };
}
