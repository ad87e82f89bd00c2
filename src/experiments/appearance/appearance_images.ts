import { basename, dirname } from 'node:path';
import { readImageFile } from '../../camera/image_file.js';
import { type LabelledImages, listImageTree } from '../../datasets/image_tree.js';
import { NEUTRAL_FRAME } from '../../datasets/neutral_faces.js';
import { ExpectedError } from '../../errors.js';
import type { Appearance, FaceAppearance } from '../../perception/appearance/face_appearance.js';
import type { LandmarkExtractor } from '../../perception/landmarks/landmark_extractor.js';
import { landmarksOfStill } from '../../perception/landmarks_of_still.js';

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
 * The images of a tree (`listImageTree`): every still, and the frames of each sequence but that of the person at rest. A subject's
 * folder says whose a sequence is; each still is taken for another person's.
 *
 * @param classes that are wanted; empty: all
 * @throws InvalidInputError naming the folder that is not as expected
 */
export function labelledImages(tree: string, classes: readonly string[]): LabelledImage[] {
  return listImageTree(tree)
    .filter(({ category }) => classes.length === 0 || classes.includes(category))
    .flatMap((images) =>
      images.files.flatMap((file, at) =>
        images.frameNumbers[at] === NEUTRAL_FRAME
          ? []
          : [{ file, category: images.category, subject: subjectOf(images) }],
      ),
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
