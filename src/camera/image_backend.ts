import { ffmpegBackend } from './ffmpeg_backend.js';
import { type FfmpegProgram, findFfmpeg } from './ffmpeg_program.js';
import { readImageSequence, type SequenceImage } from './image_sequence.js';
import { opencvBackend } from './opencv/opencv_backend.js';
import { findOpenCv, isOpenCvInstalled, loadOpenCv } from './opencv/opencv_module.js';

/** Formats of frames on disk: jpg is small and nearly lossless, png is lossless. */
export const FRAME_FORMATS = ['jpg', 'png'] as const;

/** Which frames of a clip are written, and how. */
export interface FrameSelection {
  /** Frames a second; null: every frame of the clip, once. */
  readonly rateHertz: number | null;
  readonly format: (typeof FRAME_FORMATS)[number];
}

/** A program with its arguments. */
export interface ProgramCall {
  readonly path: string;
  readonly args: readonly string[];
  /** Default: this process'. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What decodes images. */
export interface ImageReader {
  /**
   * Decodes image files in their order. An image that cannot be decoded does not end it.
   *
   * @param origin where the files came from, for errors
   * @throws the signal's reason
   */
  readImages(files: readonly string[], origin: string, signal?: AbortSignal): AsyncIterable<SequenceImage>;
}

/** What decodes clips and images. */
export interface ImageBackend extends ImageReader {
  /** As messages call it. */
  readonly name: 'ffmpeg' | 'opencv';
  /**
   * A program that writes a clip's frames into the folder where it runs, as 000001.jpg, 000002.jpg, ... What it prints on its
   * standard error stream is what is wrong with the clip.
   *
   * @param clip its file, an absolute path
   */
  frameWriter(clip: string, selection: FrameSelection): ProgramCall;
}

/** What can be asked for; auto is OpenCV where it is installed, and FFmpeg elsewhere. */
export const IMAGE_BACKEND_NAMES = ['ffmpeg', 'opencv', 'auto'] as const;
export type ImageBackendName = (typeof IMAGE_BACKEND_NAMES)[number];

/** What decodes images, found on this machine: data that can be sent to a thread. With clips' FFmpeg goes sharp. */
export type FoundImageReader = { readonly name: 'ffmpeg' } | { readonly name: 'opencv'; readonly addon: string };

/** The same of clips and images. */
export type FoundImageBackend =
  | { readonly name: 'ffmpeg'; readonly ffmpeg: FfmpegProgram }
  | { readonly name: 'opencv'; readonly addon: string };

/**
 * What decodes images; there need be no ffmpeg for them.
 *
 * @param origin where the name came from, for errors
 * @throws InvalidInputError where OpenCV is asked for and not installed, or cannot be loaded
 */
export function findImageReader(name: ImageBackendName, origin: string): FoundImageReader {
  const chosen = name === 'auto' ? (isOpenCvInstalled() ? 'opencv' : 'ffmpeg') : name;
  if (chosen === 'ffmpeg') return { name: chosen };
  const addon = findOpenCv(origin);
  loadOpenCv(addon);
  return { name: chosen, addon };
}

/** As `findImageReader`, of clips and images. @throws what it throws; Error where there is no ffmpeg */
export async function findImageBackend(name: ImageBackendName, origin: string): Promise<FoundImageBackend> {
  const found = findImageReader(name, origin);
  return found.name === 'opencv' ? found : { name: found.name, ffmpeg: await findFfmpeg() };
}

export function openImageReader(found: FoundImageReader): ImageReader {
  return found.name === 'opencv' ? opencvBackend(found.addon) : { readImages: readImageSequence };
}

export function openImageBackend(found: FoundImageBackend): ImageBackend {
  return found.name === 'opencv' ? opencvBackend(found.addon) : ffmpegBackend(found.ffmpeg);
}
