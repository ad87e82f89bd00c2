import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { type DecodeRequest, decodeFrames } from './decode_frames.js';
import type { Frame } from './frame.js';

/** Endings of the files that count as images, in small letters. */
const IMAGE_ENDINGS = ['.jpg', '.jpeg', '.png'];

/**
 * The images of a folder (jpg, jpeg, png; not of its subfolders), in natural order: 2.jpg before 10.jpg.
 *
 * @returns their paths, at least one
 * @throws InvalidInputError where there are none
 */
export async function listImages(folder: string, origin: string): Promise<string[]> {
  const isImage = (name: string) => IMAGE_ENDINGS.includes(extname(name).toLowerCase()) && !name.startsWith('.');
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && isImage(entry.name)).map(({ name }) => name);
  if (names.length === 0) {
    throw new InvalidInputError('source', folder, `a folder with images (${IMAGE_ENDINGS.join(', ')})`, origin);
  }
  const collator = new Intl.Collator('en', { numeric: true });
  return names.sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1)).map((name) => join(folder, name));
}

/**
 * The images of a folder as frames, each at its own size, one every 1 / rate seconds. Each is decoded by an ffmpeg of
 * its own, which takes some 30 ms, so rates beyond 20 or so are not kept up.
 *
 * @param images paths, in order
 * @param rateHertz images a second
 * @param loop whether to start again at the end, for ever
 * @throws InvalidInputError naming an image that cannot be decoded
 */
export async function* folderFrames(
  images: readonly string[],
  rateHertz: number,
  loop: boolean,
  request: Omit<DecodeRequest, 'input' | 'path' | 'expected'>,
): AsyncGenerator<Frame, void> {
  let index = 0;
  do {
    for (const path of images) {
      // A percent sign in a name is no pattern.
      const input = ['-f', 'image2', '-pattern_type', 'none', '-i', `file:${path}`];
      for await (const frame of decodeFrames({ ...request, input, path, expected: 'an image that can be decoded' })) {
        const { data, width, height } = frame;
        yield { data, width, height, sourceTimeSeconds: index / rateHertz, index };
        index++;
        break;
      }
      if (request.signal?.aborted) return;
    }
  } while (loop);
}
