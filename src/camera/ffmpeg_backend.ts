import { EXACT_COLOURS } from './exact_colours.js';
import type { FfmpegProgram } from './ffmpeg_program.js';
import type { ImageBackend } from './image_backend.js';
import { readImageSequence } from './image_sequence.js';

/** Clips through ffmpeg, each in a process of its own; images through sharp, whose pixels are OpenCV's. */
export function ffmpegBackend(ffmpeg: FfmpegProgram): ImageBackend {
  return {
    name: 'ffmpeg',
    frameWriter: (clip, { rateHertz, format }) => {
      const rate = rateHertz === null ? ffmpeg.everyFrameOnce : ['-vf', `fps=${rateHertz}`];
      const quality = format === 'jpg' ? ['-q:v', '1', '-qmin', '1'] : [];
      return {
        path: ffmpeg.path,
        args: [
          ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-i', `file:${clip}`],
          ...[
            '-map',
            '0:v:0',
            ...rate,
            ...EXACT_COLOURS,
            ...quality,
            '-f',
            'image2',
            '-start_number',
            '1',
            `%06d.${format}`,
          ],
        ],
      };
    },
    readImages: readImageSequence,
  };
}
