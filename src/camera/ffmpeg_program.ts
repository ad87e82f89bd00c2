import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessage, InvalidInputError } from '../errors.js';
import { packageRoot } from '../package_root.js';

/** An ffmpeg that runs on this machine. */
export interface FfmpegProgram {
  /** Its file. */
  readonly path: string;
  /** Its options for passing each frame on once, whatever the frame rate; releases differ in the name. */
  readonly everyFrameOnce: readonly string[];
}

/**
 * Finds ffmpeg: the one that the variable FFMPEG_PATH names, else the one on PATH, else the static one that set-up
 * installs where there is none.
 *
 * @param env where FFMPEG_PATH and PATH are read
 * @throws InvalidInputError where FFMPEG_PATH names no program; Error where there is no ffmpeg at all
 */
export async function findFfmpeg(env: NodeJS.ProcessEnv = process.env): Promise<FfmpegProgram> {
  if (env.FFMPEG_PATH) {
    const program = await probe(env.FFMPEG_PATH);
    if (typeof program !== 'string') return program;
    throw new InvalidInputError('FFMPEG_PATH', env.FFMPEG_PATH, `ffmpeg's file (${program})`, 'the environment');
  }
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const root = packageRoot();
  const places = [
    ...onPath.map((folder) => join(folder, 'ffmpeg')),
    join(root, '.ros/bin/ffmpeg'),
    join(root, 'libexec/ffmpeg'),
  ];
  for (const path of places) {
    if (!(await isExecutable(path))) continue;
    const program = await probe(path);
    if (typeof program !== 'string') return program;
  }
  throw new Error(
    'ffmpeg is missing: there is none on PATH. Install it (sudo apt-get install ffmpeg), name one in the variable ' +
      'FFMPEG_PATH, or run npm run setup in the checkout, which installs one for itself.',
  );
}

/** @returns the options for passing each frame on once, given the first line that `ffmpeg -version` prints */
export function everyFrameOnceOptions(versionLine: string): string[] {
  // Builds from the development tree have names such as N-1234-gabcdef and are newer than any that we would meet.
  const version = /^ffmpeg version n?(\d+)\.(\d+)/.exec(versionLine);
  const isOld = version !== null && (Number(version[1]) < 5 || (Number(version[1]) === 5 && Number(version[2]) < 1));
  return [isOld ? '-vsync' : '-fps_mode', 'passthrough'];
}

/** @returns the program, or why it is none */
async function probe(path: string): Promise<FfmpegProgram | string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 10_000 });
    const firstLine = stdout.split('\n')[0]!;
    if (!firstLine.startsWith('ffmpeg version')) return `it says: ${firstLine}`;
    return { path, everyFrameOnce: everyFrameOnceOptions(firstLine) };
  } catch (error) {
    return errorMessage(error).trim();
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
