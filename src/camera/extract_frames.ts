import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { InvalidInputError } from '../errors.js';
import { writeFolderWhole } from '../files.js';
import { ffmpegOutcome } from './ffmpeg_outcome.js';
import type { FfmpegProgram } from './ffmpeg_program.js';

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

/** Formats of frames on disk. */
export const FRAME_FORMATS = ['jpg', 'png'] as const;

/** What to make of a clip. */
export interface FrameExtraction {
  readonly ffmpeg: FfmpegProgram;
  /** Frames a second; null: every frame of the clip, once. */
  readonly rateHertz: number | null;
  /** jpg is small and nearly lossless, png is lossless. */
  readonly format: (typeof FRAME_FORMATS)[number];
  /** Whether a clip that ffmpeg complains of, such as one cut short, gives the frames that could be read. */
  readonly keepDamaged: boolean;
  /** Ends it; nothing is left of the clip in hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the frames of a clip into a folder of its own, as 000001.jpg, 000002.jpg, ...: all of them, or none. What was in
 * the folder goes.
 *
 * @returns the number of frames, and what ffmpeg complained of where the clip is damaged and such are kept
 * @throws InvalidInputError naming the clip that is damaged, with ffmpeg's own words; the signal's reason
 */
export async function extractFrames(
  clip: string,
  folder: string,
  { ffmpeg, rateHertz, format, keepDamaged, signal }: FrameExtraction,
): Promise<{ count: number; complaint: string | undefined }> {
  let count = 0;
  let complaint: string | undefined;
  await writeFolderWhole(folder, async (partial) => {
    signal?.throwIfAborted();
    const rate = rateHertz === null ? ffmpeg.everyFrameOnce : ['-vf', `fps=${rateHertz}`];
    const quality = format === 'jpg' ? ['-q:v', '1', '-qmin', '1'] : [];
    const child = spawn(
      ffmpeg.path,
      [
        ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-i', `file:${resolve(clip)}`],
        ...['-map', '0:v:0', ...rate, ...quality, '-f', 'image2', '-start_number', '1', `%06d.${format}`],
      ],
      // A percent sign in the folder's path would be taken for a pattern.
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: partial },
    );
    const stop = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', stop, { once: true });
    const outcome = await ffmpegOutcome(child).finally(() => signal?.removeEventListener('abort', stop));
    signal?.throwIfAborted();
    count = (await readdir(partial)).length;
    complaint = outcome.complaint;
    const isWhole = outcome.succeeded && complaint === undefined;
    if (count === 0 || (!isWhole && !keepDamaged)) {
      const words = complaint ?? 'it has no frames';
      throw new InvalidInputError('the clip', clip, `a whole video that can be decoded (ffmpeg: ${words})`, clip);
    }
  });
  return { count, complaint };
}
