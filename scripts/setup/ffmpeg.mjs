import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError } from './command.mjs';
import { isOnPath } from './machine.mjs';
import { ffmpegLink, toolsPrefix, wheelsPrefix } from './paths.mjs';
import { pythonPackages } from './ros_environment.mjs';

/** @returns {boolean} whether the camera node would find no ffmpeg of the machine's own */
export function needsStaticFfmpeg() {
  return !process.env.FFMPEG_PATH && !isOnPath('ffmpeg');
}

/** Makes .ros/bin/ffmpeg lead to the static ffmpeg of PyPI's imageio-ffmpeg, in whichever environment it is installed. */
export function linkStaticFfmpeg() {
  const ffmpeg = [wheelsPrefix, toolsPrefix].map(staticFfmpegIn).find((path) => path !== undefined);
  if (!ffmpeg) {
    throw new SetupError(
      'imageio-ffmpeg is installed but has no binary for this machine',
      'install ffmpeg itself (sudo apt-get install ffmpeg), or name one in the variable FFMPEG_PATH',
    );
  }
  mkdirSync(dirname(ffmpegLink), { recursive: true });
  rmSync(ffmpegLink, { force: true });
  symlinkSync(relative(dirname(ffmpegLink), ffmpeg), ffmpegLink);
}

/** @param {string} prefix @returns {string | undefined} */
function staticFfmpegIn(prefix) {
  const packages = pythonPackages(prefix);
  const binaries = packages && join(packages, 'imageio_ffmpeg', 'binaries');
  if (!binaries || !existsSync(binaries)) return undefined;
  const name = readdirSync(binaries).find((file) => file.startsWith('ffmpeg-'));
  return name && join(binaries, name);
}
