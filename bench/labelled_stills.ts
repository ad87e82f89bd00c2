import { readImageFile } from '../src/camera/image_file.js';
import { labelsOfImages, listImageTree } from '../src/datasets/image_tree.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { readFrames } from '../test/support/clips.js';
import { notedClips } from './live_notes.js';

/** An image of a face with the name of its class. */
export interface LabelledStill {
  readonly name: string;
  readonly category: string;
  /** @throws InvalidInputError naming a file that cannot be decoded */
  readonly read: () => Promise<RgbImage>;
}

/**
 * The stills of a tree of images (see `listImageTree`); of a sequence its last image, the expression at its strongest.
 *
 * @param classes what the folders may be called
 * @throws InvalidInputError naming the folder or file that is not as expected
 */
export async function stillsOfTree(tree: string, classes: readonly string[]): Promise<LabelledStill[]> {
  const images = listImageTree(tree);
  const labels = labelsOfImages(images, classes);
  return images.map(({ files }, index) => {
    const name = files.at(-1)!;
    return { name, category: classes[labels[index]!]!, read: () => readImageFile(name, tree) };
  });
}

/** What a note calls a face at rest. */
const REST = 'rest';

/**
 * The middle image of each stretch of the clips that is noted as an expression, or as rest, which is Neutral.
 *
 * @throws InvalidInputError where a folder has no clip with notes
 */
export function stillsOfClips(folder: string): LabelledStill[] {
  return notedClips([folder], '').flatMap(({ name, file, imagesPerSecond, notes }) => {
    const shown = notes.filter(([, , what]) => what === REST || /^[A-Z]/.test(what));
    const places = shown.map(([from, to]) => Math.floor(((from + to) / 2) * imagesPerSecond));
    const chosen = places.map((place) => `eq(n\\,${place})`).join('+');
    return readFrames(file, places.length, 0, `select=${chosen}`).map((image, index): LabelledStill => {
      const what = shown[index]![2];
      return {
        name: `${name} ${places[index]}`,
        category: what === REST ? 'Neutral' : what,
        read: () => Promise.resolve(image),
      };
    });
  });
}
