import { errorMessage, InvalidInputError } from '../errors.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { readImageFile } from './image_file.js';
import { readAhead } from './read_ahead.js';

/** An image of a sequence. */
export interface SequenceImage {
  readonly file: string;
  /** null where it cannot be decoded. */
  readonly image: RgbImage | null;
  /** Why it cannot be; empty where it can. */
  readonly reason: string;
}

/** Images that are decoded before they are asked for. */
const IMAGES_AHEAD = 2;

/**
 * Decodes image files in their order, some ahead. An image that cannot be decoded does not end it.
 *
 * @param origin where the files came from, for errors
 * @throws the signal's reason
 */
export function readImageSequence(
  files: readonly string[],
  origin: string,
  signal?: AbortSignal,
): AsyncGenerator<SequenceImage, void> {
  return readAhead(imagesOf(files, origin, signal), IMAGES_AHEAD);
}

async function* imagesOf(
  files: readonly string[],
  origin: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SequenceImage, void> {
  for (const file of files) {
    signal?.throwIfAborted();
    yield await sequenceImage(file, origin);
  }
}

async function sequenceImage(file: string, origin: string): Promise<SequenceImage> {
  try {
    return { file, image: await readImageFile(file, origin), reason: '' };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { file, image: null, reason: errorMessage(error) };
  }
}
