import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '../../errors.js';
import { ByteReader } from '../byte_reader.js';
import { ffmpegOutcome } from '../ffmpeg_outcome.js';
import type { ImageBackend } from '../image_backend.js';
import type { SequenceImage } from '../image_sequence.js';
import { readReply } from './image_replies.js';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** OpenCV's own warnings are about its ways of reading a clip, not about the clip. */
const environment = () => ({ ...process.env, OPENCV_LOG_LEVEL: 'SILENT' });

/**
 * Clips and images through OpenCV, each clip and each sequence of images in a process of its own.
 *
 * @param addon opencv4nodejs' file
 */
export function opencvBackend(addon: string): ImageBackend {
  return {
    name: 'opencv',
    frameWriter: (clip, { rateHertz, format }) => ({
      path: process.execPath,
      args: [script('write_frames.js'), addon, clip, String(rateHertz ?? ''), format],
      env: environment(),
    }),
    readImages: (files, origin, signal) => decodeFiles(addon, files, origin, signal),
  };
}

async function* decodeFiles(
  addon: string,
  files: readonly string[],
  origin: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SequenceImage, void> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [script('decode_images.js'), addon], { stdio: 'pipe', env: environment() });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const ended = ffmpegOutcome(child);
  // It may end before it has read all: then there is nobody to write to.
  child.stdin.on('error', () => undefined).end(JSON.stringify(files));
  const bytes = new ByteReader(child.stdout);
  try {
    for (const file of files) {
      const reply = await readReply(bytes);
      signal?.throwIfAborted();
      if (reply === undefined) throw new Error(`OpenCV stopped before ${file} (${(await ended).complaint})`);
      if (typeof reply !== 'string') {
        yield { file, image: reply, reason: '' };
        continue;
      }
      const expected = `an image that can be decoded (opencv: ${reply})`;
      yield { file, image: null, reason: new InvalidInputError('source', file, expected, origin).message };
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    child.stdout.destroy();
    await ended;
  }
}
