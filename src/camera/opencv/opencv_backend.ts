import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '../../errors.js';
import { ByteReader } from '../byte_reader.js';
import { type FfmpegOutcome, ffmpegOutcome } from '../ffmpeg_outcome.js';
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
  const refused = (file: string, reason: string): SequenceImage => {
    const expected = `an image that can be decoded (opencv: ${reason})`;
    return { file, image: null, reason: new InvalidInputError('source', file, expected, origin).message };
  };
  for (let done = 0; done < files.length; ) {
    const decoder = startDecoder(addon, files.slice(done), signal);
    try {
      for (let ended = false; !ended && done < files.length; done++) {
        const file = files[done]!;
        const reply = await readReply(decoder.replies);
        signal?.throwIfAborted();
        if (reply === undefined) {
          // Of some files OpenCV ends its process: the next ones go to another.
          ended = true;
          yield refused(file, (await decoder.outcome).complaint ?? 'it ended');
        } else {
          yield typeof reply === 'string' ? refused(file, reply) : { file, image: reply, reason: '' };
        }
      }
    } finally {
      await decoder.stop();
    }
  }
}

/** A process that decodes files. */
interface Decoder {
  readonly replies: ByteReader;
  readonly outcome: Promise<FfmpegOutcome>;
  /** Ends it, and waits until it is gone. */
  stop(): Promise<void>;
}

function startDecoder(addon: string, files: readonly string[], signal: AbortSignal | undefined): Decoder {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [script('decode_images.js'), addon], { stdio: 'pipe', env: environment() });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  const outcome = ffmpegOutcome(child);
  // It may end before it has read all: then there is nobody to write to.
  child.stdin.on('error', () => undefined).end(JSON.stringify(files));
  return {
    replies: new ByteReader(child.stdout),
    outcome,
    stop: async () => {
      signal?.removeEventListener('abort', kill);
      kill();
      child.stdout.destroy();
      await outcome;
    },
  };
}
