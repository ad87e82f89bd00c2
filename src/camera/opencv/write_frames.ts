import { writeFileSync } from 'node:fs';
import { FrameRepeats } from './frame_repeats.js';
import { loadOpenCv, type Mat } from './opencv_module.js';

// A process of its own: FFmpeg's libraries, which OpenCV reads clips with, tell what is wrong with a clip on the standard
// error stream only, and one that is stopped in the middle of a clip stops at once.

/** About as large, and as near to the clip, as what ffmpeg writes at its best quality. */
const JPEG_QUALITY = 95;

const [addon, clip, rate, format] = process.argv.slice(2) as [string, string, string, string];

// Ctrl-C goes to all processes of a terminal: the one that started this one decides.
process.on('SIGINT', () => undefined);

try {
  writeFrames();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Writes 000001.jpg, 000002.jpg, ... into the working folder. */
function writeFrames(): void {
  const cv = loadOpenCv(addon);
  const capture = new cv.VideoCapture(clip, cv.CAP_FFMPEG);
  const repeats = rate === '' ? null : new FrameRepeats(Number(rate));
  const usualSeconds = 1 / capture.get(cv.CAP_PROP_FPS);
  const settings = format === 'jpg' ? [cv.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] : [];
  let written = 0;
  const write = (frame: Mat, count: number) => {
    if (count === 0) return;
    const file = cv.imencode(`.${format}`, frame, settings);
    for (let i = 0; i < count; i++) writeFileSync(`${String(++written).padStart(6, '0')}.${format}`, file);
  };
  let last = Number.NEGATIVE_INFINITY;
  const read = () => {
    const frame = capture.read();
    if (frame.rows === 0) return null;
    const seconds = capture.get(cv.CAP_PROP_POS_MSEC) / 1000;
    // Of the last frames, which come out when all of the file is read, OpenCV 4 does not know the time.
    last = seconds > last ? seconds : last + usualSeconds;
    return { frame, seconds: last };
  };
  for (let shown = read(); shown !== null; ) {
    const next = read();
    write(shown.frame, repeats?.next(shown.seconds, next?.seconds ?? shown.seconds + usualSeconds) ?? 1);
    shown.frame.release();
    shown = next;
  }
}
