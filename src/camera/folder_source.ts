import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InvalidInputError } from '../errors.js';
import type { Frame } from './frame.js';
import { readImageFile } from './image_file.js';

/** Endings of the files that count as images, in small letters. */
const IMAGE_ENDINGS = ['.jpg', '.jpeg', '.png'];

/** Whether a file of this name counts as an image. */
export function isImageName(name: string): boolean {
  return IMAGE_ENDINGS.includes(extname(name).toLowerCase()) && !name.startsWith('.');
}

/** Names in natural order: 2.jpg before 10.jpg. */
export function inNaturalOrder(names: readonly string[]): string[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return names.toSorted((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
}

/**
 * The images of a folder (jpg, jpeg, png; not of its subfolders), in natural order: 2.jpg before 10.jpg.
 *
 * @returns their paths, at least one
 * @throws InvalidInputError where there are none
 */
export async function listImages(folder: string, origin: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && isImageName(entry.name)).map(({ name }) => name);
  if (names.length === 0) {
    throw new InvalidInputError('source', folder, `a folder with images (${IMAGE_ENDINGS.join(', ')})`, origin);
  }
  return inNaturalOrder(names).map((name) => join(folder, name));
}

/**
 * The images of a folder as frames, each at its own size, one every 1 / rate seconds.
 *
 * @param images paths, in order
 * @param rateHertz images a second
 * @param loop whether to start again at the end, for ever
 * @param origin where the paths came from, for errors
 * @param signal ends it, without an error
 * @throws InvalidInputError naming an image that cannot be decoded
 */
export async function* folderFrames(
  images: readonly string[],
  rateHertz: number,
  loop: boolean,
  origin: string,
  signal?: AbortSignal,
): AsyncGenerator<Frame, void> {
  let index = 0;
  do {
    for (const path of images) {
      if (signal?.aborted) return;
      const { data, width, height } = await readImageFile(path, origin);
      exchangeRedAndBlue(data);
      yield { data, width, height, sourceTimeSeconds: index / rateHertz, index };
      index++;
    }
  } while (loop);
}

/** rgb8 to bgr8, in place. */
function exchangeRedAndBlue(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 3) {
    const red = data[at]!;
    data[at] = data[at + 2]!;
    data[at + 2] = red;
  }
}
