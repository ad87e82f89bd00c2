import { readFile } from 'node:fs/promises';
import { ExpectedError, errorMessage } from '../errors.js';
import { type ImageHeader, imageHeader } from '../perception/image/image_header.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { type DecodedFrame, decodeFrames } from './decode_frames.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import { readImageFile } from './image_file.js';

/** An image of a sequence. */
export interface SequenceImage {
  readonly file: string;
  /** null where it cannot be decoded. */
  readonly image: RgbImage | null;
  /** Why it cannot be; empty where it can. */
  readonly reason: string;
}

/** Bytes of decoded pixels that are held at most, and images, beside those of the next part. */
const PART_BYTES = 48 * 2 ** 20;
const PART_IMAGES = 48;

interface Part {
  readonly header: ImageHeader | null;
  readonly files: string[];
  readonly contents: Buffer[];
}

/**
 * Decodes image files in their order. Neighbours of the same format and size go through one ffmpeg together, as one for
 * each takes some 30 ms to start. An image that cannot be decoded does not end it.
 *
 * @param origin where the files came from, for errors
 * @throws the signal's reason
 */
export async function* readImageSequence(
  files: readonly string[],
  ffmpeg: FfmpegProgram,
  origin: string,
  signal?: AbortSignal,
): AsyncGenerator<SequenceImage, void> {
  let coming: Promise<SequenceImage[]> | null = null;
  for await (const part of partsOf(files)) {
    const next = decodePart(part, ffmpeg, origin, signal);
    // Heard where it is awaited, if it comes to that.
    next.catch(() => undefined);
    if (coming !== null) yield* await coming;
    coming = next;
  }
  if (coming !== null) yield* await coming;
}

async function* partsOf(files: readonly string[]): AsyncGenerator<Part, void> {
  let part: Part | null = null;
  for (const file of files) {
    // What cannot be read is told by ffmpeg, like what cannot be decoded.
    const contents = await readFile(file).catch(() => null);
    const header = contents && imageHeader(contents);
    const fits = part !== null && header !== null && isAlike(header, part.header) && hasRoom(part);
    if (part !== null && !fits) yield part;
    if (part === null || !fits) part = { header, files: [], contents: [] };
    part.files.push(file);
    if (contents !== null) part.contents.push(contents);
  }
  if (part !== null) yield part;
}

function isAlike(a: ImageHeader, b: ImageHeader | null): boolean {
  const turned = a.mayBeTurned || b?.mayBeTurned;
  return !turned && a.format === b?.format && a.width === b.width && a.height === b.height;
}

function hasRoom({ header, files }: Part): boolean {
  return files.length < PART_IMAGES && (files.length + 1) * header!.width * header!.height * 3 <= PART_BYTES;
}

async function decodePart(
  { header, files, contents }: Part,
  ffmpeg: FfmpegProgram,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<SequenceImage[]> {
  if (header !== null && files.length > 1) {
    const together = await decodeTogether(header, contents, files, ffmpeg, origin, signal);
    if (together !== null) return together;
  }
  const images: SequenceImage[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    images.push(await decodeAlone(file, ffmpeg, origin));
  }
  return images;
}

/** null where not every file gave one image: which one is wrong shows when each is decoded alone. */
async function decodeTogether(
  { format, width, height }: ImageHeader,
  contents: readonly Buffer[],
  files: readonly string[],
  ffmpeg: FfmpegProgram,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<SequenceImage[] | null> {
  const input = ['-f', `${format}_pipe`, '-i', 'pipe:0'];
  const request = {
    ffmpeg,
    input,
    path: files[0]!,
    expected: 'images',
    origin,
    bytes: contents,
    encoding: 'rgb8' as const,
    exactColours: true,
    signal,
  };
  const frames: DecodedFrame[] = [];
  try {
    for await (const frame of decodeFrames(request)) frames.push(frame);
  } catch {
    return null;
  } finally {
    signal?.throwIfAborted();
  }
  if (frames.length !== files.length) return null;
  if (frames.some((frame) => frame.width !== width || frame.height !== height)) return null;
  return frames.map(({ data }, i) => ({ file: files[i]!, image: { data, width, height }, reason: '' }));
}

async function decodeAlone(file: string, ffmpeg: FfmpegProgram, origin: string): Promise<SequenceImage> {
  try {
    return { file, image: await readImageFile(file, ffmpeg, origin), reason: '' };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { file, image: null, reason: errorMessage(error) };
  }
}
