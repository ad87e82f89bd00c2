import { ffmpegBackend } from './ffmpeg_backend.js';
import { type FfmpegProgram, findFfmpeg } from './ffmpeg_program.js';
import type { SequenceImage } from './image_sequence.js';
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

/** What decodes clips and images. */
export interface ImageBackend {
  /** As messages call it. */
  readonly name: 'ffmpeg' | 'opencv';
  /**
   * A program that writes a clip's frames into the folder where it runs, as 000001.jpg, 000002.jpg, ... What it prints on its
   * standard error stream is what is wrong with the clip.
   *
   * @param clip its file, an absolute path
   */
  frameWriter(clip: string, selection: FrameSelection): ProgramCall;
  /**
   * Decodes image files in their order. An image that cannot be decoded does not end it.
   *
   * @param origin where the files came from, for errors
   * @throws the signal's reason
   */
  readImages(files: readonly string[], origin: string, signal?: AbortSignal): AsyncIterable<SequenceImage>;
}

/** What can be asked for; auto is OpenCV where it is installed, and FFmpeg elsewhere. */
export const IMAGE_BACKEND_NAMES = ['ffmpeg', 'opencv', 'auto'] as const;
export type ImageBackendName = (typeof IMAGE_BACKEND_NAMES)[number];

/** What decodes, found on this machine: data that can be sent to a thread. */
export type FoundImageBackend =
  | { readonly name: 'ffmpeg'; readonly ffmpeg: FfmpegProgram }
  | { readonly name: 'opencv'; readonly addon: string };

/**
 * @param origin where the name came from, for errors
 * @throws InvalidInputError where OpenCV is asked for and not installed, or cannot be loaded; Error where there is no ffmpeg
 */
export async function findImageBackend(name: ImageBackendName, origin: string): Promise<FoundImageBackend> {
  const chosen = name === 'auto' ? (isOpenCvInstalled() ? 'opencv' : 'ffmpeg') : name;
  if (chosen === 'ffmpeg') return { name: chosen, ffmpeg: await findFfmpeg() };
  const addon = findOpenCv(origin);
  loadOpenCv(addon);
  return { name: chosen, addon };
}

export function openImageBackend(found: FoundImageBackend): ImageBackend {
  return found.name === 'opencv' ? opencvBackend(found.addon) : ffmpegBackend(found.ffmpeg);
}
