import { spawn } from 'node:child_process';
import { ffmpegOutcome } from './ffmpeg_outcome.js';
import type { FfmpegProgram } from './ffmpeg_program.js';

/**
 * How long a video says that it is.
 *
 * @returns seconds; undefined where it does not say, or is none
 */
export async function clipSeconds(path: string, ffmpeg: FfmpegProgram): Promise<number | undefined> {
  // Without an output it describes its input, and calls that a failure.
  const child = spawn(ffmpeg.path, ['-nostdin', '-hide_banner', '-i', `file:${path}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    // What comes first of all is enough, whatever the file has in its metadata.
    if (text.length < 100_000) text += more;
  });
  await ffmpegOutcome(child);
  const found = /^ {2}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(text);
  if (!found) return undefined;
  const [hours, minutes, seconds] = found.slice(1).map(Number);
  return hours! * 3600 + minutes! * 60 + seconds! || undefined;
}
