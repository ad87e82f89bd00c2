import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { writeFolderWhole } from '../files.js';
import { ffmpegOutcome } from './ffmpeg_outcome.js';
import type { FrameSelection, ImageBackend } from './image_backend.js';

/** Endings of the files that count as clips, in small letters. */
const CLIP_ENDINGS = new Set(
  (
    '.3gp .asf .avi .divx .dv .f4v .flv .gif .h264 .hevc .m2ts .m2v .m4v .mjpeg .mjpg .mkv .mov .mp4 .mpeg .mpg .mts .mxf ' +
    '.ogm .ogv .rm .rmvb .ts .vob .webm .wmv .y4m'
  ).split(' '),
);

/** Whether a file of this name counts as a clip. */
export function isClipName(name: string): boolean {
  return CLIP_ENDINGS.has(extname(name).toLowerCase()) && !name.startsWith('.');
}

/** What to make of a clip. */
export interface FrameExtraction extends FrameSelection {
  readonly backend: ImageBackend;
  /** Whether a clip that the backend complains of, such as one cut short, gives the frames that could be read. */
  readonly keepDamaged: boolean;
  /** Ends it; nothing is left of the clip in hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the frames of a clip into a folder of its own, as 000001.jpg, 000002.jpg, ...: all of them, or none. What was in
 * the folder goes.
 *
 * @returns the number of frames, and what the backend complained of where the clip is damaged and such are kept
 * @throws InvalidInputError naming the clip that is damaged, with the backend's own words; the signal's reason
 */
export async function extractFrames(
  clip: string,
  folder: string,
  { backend, keepDamaged, signal, ...selection }: FrameExtraction,
): Promise<{ count: number; complaint: string | undefined }> {
  let count = 0;
  let complaint: string | undefined;
  await writeFolderWhole(folder, async (partial) => {
    signal?.throwIfAborted();
    const { path, args, env } = backend.frameWriter(resolve(clip), selection);
    // A percent sign in the folder's path would be taken for a pattern.
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: partial, env });
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    const outcome = await ffmpegOutcome(child).finally(() => signal?.removeEventListener('abort', stop));
    signal?.throwIfAborted();
    count = (await readdir(partial)).length;
    complaint = outcome.complaint;
    const isWhole = outcome.succeeded && complaint === undefined;
    if (count === 0 || (!isWhole && !keepDamaged)) {
      const words = complaint ?? 'it has no frames';
      throw new InvalidInputError(
        'the clip',
        clip,
        `a whole video that can be decoded (${backend.name}: ${words})`,
        clip,
      );
    }
  });
  return { count, complaint };
}
