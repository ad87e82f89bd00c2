import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXACT_COLOURS } from '../../src/camera/exact_colours.js';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { packageRoot } from '../../src/package_root.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';

/** The folder of real clips, stills and landmarks that tests read where it is there. */
export const sharedData = process.env.FER_SHARED_DATA ?? join(packageRoot(), '..', 'shared', 'data');

const FFMPEG = await findFfmpeg().then(
  ({ path }) => path,
  () => undefined,
);

/** Why tests that decode images cannot run here, or false where they can: for the skip of node:test. */
export const ffmpegMissing: string | false =
  FFMPEG === undefined && 'no ffmpeg: none on PATH nor in .ros (npm run setup installs one)';

/** Why tests on clips cannot run here, or false where they can: for the skip of node:test. */
export const clipsMissing: string | false = !existsSync(join(sharedData, 'video'))
  ? `no clips: ${join(sharedData, 'video')} is missing (FER_SHARED_DATA names another place)`
  : ffmpegMissing;

/** The clips' files below shared/data/video, by extension. */
export function clipFiles(folder: string, extension: string): string[] {
  const path = join(sharedData, 'video', folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(path, name));
}

/**
 * Decodes a clip's (or a still's) frames, at most `count`, starting at frame `first`.
 *
 * @param filter ffmpeg's, that the frames go through, such as scale=640:480
 */
export function readFrames(file: string, count = 1000, first = 0, filter = 'null'): RgbImage[] {
  if (FFMPEG === undefined) throw new Error('no ffmpeg');
  // A stream of PPM images carries its own size.
  const args = ['-v', 'error', '-i', file, '-vf', `select=gte(n\\,${first}),${filter}`, '-fps_mode', 'passthrough'];
  const run = spawnSync(FFMPEG, [...args, '-frames:v', String(count), '-f', 'image2pipe', '-c:v', 'ppm', '-'], {
    maxBuffer: 2 ** 31 - 1,
  });
  if (run.status !== 0) throw new Error(`ffmpeg cannot decode ${file}: ${run.stderr}`);
  const frames: RgbImage[] = [];
  for (let at = 0; at < run.stdout.length; ) {
    const header = /^P6\s(\d+) (\d+)\s255\s/.exec(run.stdout.toString('latin1', at, at + 40))!;
    const [width, height] = [Number(header[1]), Number(header[2])];
    const start = at + header[0].length;
    at = start + width * height * 3;
    frames.push({ data: run.stdout.subarray(start, at), width, height });
  }
  return frames;
}

/**
 * Converts pixels by ffmpeg, interpolating colours as libjpeg does.
 *
 * @param from, to ffmpeg's names of pixel formats; rows without padding
 */
export function convertPixels(data: Uint8Array, width: number, height: number, from: string, to: string): Uint8Array {
  if (FFMPEG === undefined) throw new Error('no ffmpeg');
  const input = ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', from, '-video_size', `${width}x${height}`, '-i', '-'];
  const args = [...input, ...EXACT_COLOURS, '-f', 'rawvideo', '-pix_fmt', to, '-'];
  const run = spawnSync(FFMPEG, args, { input: data, maxBuffer: 2 ** 31 - 1 });
  if (run.status !== 0) throw new Error(`ffmpeg cannot convert ${from} to ${to}: ${run.stderr}`);
  return run.stdout;
}

/** An image of one grey. */
export function blankImage(width: number, height: number, value: number): RgbImage {
  return { data: new Uint8Array(width * height * 3).fill(value), width, height };
}
