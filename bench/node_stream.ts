import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../src/camera/ffmpeg_program.js';
import { demoClipFiles, FRAME_HEIGHT, FRAME_WIDTH } from './demo_frames.js';

// The stream that the node is measured on: real faces at 640x480 and 30 Hz.

export const STREAM_RATE_HERTZ = 30;
/** How many faces a stream can show. */
export const FACE_COUNTS = [1, 4] as const;

/** Of the stream before it begins anew. */
const STREAM_SECONDS = 60;
/** The clip of npm run demo. */
const ONE_FACE = 'cap13_edit2.mp4';
/** Seconds by which a tile of a clip that is shown twice is ahead of the other. */
const AHEAD_SECONDS = 2;

/**
 * Makes the stream as a file in the folder.
 *
 * @param source a clip of one face; undefined: the demo's clips
 * @param faces 4: four tiles of half the width and height, in each a face
 * @returns the file
 * @throws Error saying why a clip cannot be had
 */
export async function makeNodeStream(
  source: string | undefined,
  faces: (typeof FACE_COUNTS)[number],
  folder: string,
): Promise<string> {
  const stream = join(folder, `stream_${faces}.mkv`);
  const { path } = await findFfmpeg();
  const clips = source === undefined ? await demoClipFiles() : [source];
  const one = source ?? clips.find((clip) => basename(clip) === ONE_FACE)!;
  const inputs = faces === 1 ? [one] : Array.from({ length: faces }, (_, tile) => clips[tile % clips.length]!);
  const chains = inputs.map((clip, tile) => {
    // Nobody moves in step with the twin.
    const before = inputs.slice(0, tile).filter((other) => other === clip).length;
    const twin = `${before > 0 ? `trim=start=${before * AHEAD_SECONDS},setpts=PTS-STARTPTS,` : ''}${before % 2 > 0 ? 'hflip,' : ''}`;
    const side = Math.sqrt(faces);
    return `[${tile}:v]${twin}fps=${STREAM_RATE_HERTZ},scale=${FRAME_WIDTH / side}:${FRAME_HEIGHT / side},setsar=1[t${tile}]`;
  });
  const stacked = faces === 1 ? '[t0]null[v]' : '[t0][t1][t2][t3]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0[v]';
  await promisify(execFile)(path, [
    ...['-v', 'error', '-nostdin'],
    ...inputs.flatMap((clip) => ['-stream_loop', '-1', '-i', clip]),
    ...['-filter_complex', [...chains, stacked].join(';'), '-map', '[v]', '-t', String(STREAM_SECONDS)],
    ...['-c:v', 'mpeg4', '-q:v', '3', '-y', stream],
  ]);
  return stream;
}
