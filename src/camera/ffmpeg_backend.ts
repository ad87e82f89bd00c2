import { EXACT_COLOURS } from './exact_colours.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import type { ImageBackend } from './image_backend.js';
import { readImageSequence } from './image_sequence.js';

/** JPEG as near to the clip as it gets. PNG has ffmpeg's own colours, which are OpenCV's. */
const JPEG_OPTIONS = [...EXACT_COLOURS, '-q:v', '1', '-qmin', '1'];

/** Clips through ffmpeg, each in a process of its own; images through sharp, whose pixels are OpenCV's. */
export function ffmpegBackend(ffmpeg: FfmpegProgram): ImageBackend {
  return {
    name: 'ffmpeg',
    frameWriter: (clip, { rateHertz, format }) => {
      const input = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-i', `file:${clip}`];
      const rate = rateHertz === null ? ffmpeg.everyFrameOnce : ['-vf', `fps=${rateHertz}`];
      const output = ['-f', 'image2', '-start_number', '1', `%06d.${format}`];
      const args = [...input, '-map', '0:v:0', ...rate, ...(format === 'jpg' ? JPEG_OPTIONS : []), ...output];
      return { path: ffmpeg.path, args };
    },
    readImages: readImageSequence,
  };
}
