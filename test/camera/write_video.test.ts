import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodeFrames } from '../../src/camera/decode_frames.js';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { writeVideo } from '../../src/camera/write_video.js';
import { ExpectedError } from '../../src/errors.js';
import { blankImage, ffmpegMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);

async function decoded(path: string) {
  const ffmpeg = await findFfmpeg();
  const request = { ffmpeg, input: ['-i', `file:${path}`], path, expected: 'a video', origin: 'a test' };
  const frames = [];
  for await (const frame of decodeFrames(request)) frames.push(frame);
  return frames;
}

/** Refused, and nothing is left. */
async function leavesNothing(name: string, writing: Promise<void>, words: RegExp): Promise<void> {
  await assert.rejects(writing, words);
  assert.deepEqual(
    readdirSync(folder.path).filter((file) => file === name || file.endsWith('.partial')),
    [],
  );
}

describe('writeVideo', { skip: ffmpegMissing }, () => {
  it('writes every picture once, at its own uneven time', async () => {
    const stamps = [0, 0.04, 0.0433, 0.5, 0.5, 3.25, 60, 3600.123];
    await writeVideo(at('uneven.mp4'), await findFfmpeg(), async (put) => {
      for (const [i, stamp] of stamps.entries()) await put(blankImage(64, 48, 30 * i), stamp);
    });
    const frames = await decoded(at('uneven.mp4'));
    assert.equal(frames.length, stamps.length);
    frames.forEach(({ timeSeconds, data }, i) => {
      assert.ok(Math.abs(timeSeconds - stamps[i]!) < 0.001, `${timeSeconds} ${stamps[i]}`);
      assert.ok(Math.abs(data[3000]! - 30 * i) < 6, `picture ${i}`);
    });
  });

  it('keeps red, green and blue in their places, and makes odd sizes even', async () => {
    const image = blankImage(65, 47, 0);
    for (let i = 0; i < image.data.length; i += 3) image.data[i] = 200;
    await writeVideo(at('odd.mp4'), await findFfmpeg(), (put) => put(image, 0));
    const [{ data, width, height }] = (await decoded(at('odd.mp4'))) as [Awaited<ReturnType<typeof decoded>>[0]];
    assert.deepEqual([width, height], [66, 48]);
    const [blue, green, red] = data.subarray(3 * (20 * width + 20));
    assert.ok(red! > 190 && green! < 20 && blue! < 20, `${red} ${green} ${blue}`);
  });

  it('leaves nothing where it fails, or is stopped', async () => {
    const ffmpeg = await findFfmpeg();
    const another = writeVideo(at('sizes.mp4'), ffmpeg, async (put) => {
      await put(blankImage(64, 48, 0), 0);
      await put(blankImage(48, 64, 0), 1);
    });
    await leavesNothing('sizes.mp4', another, /48 x 64.*expected 64 x 48/);
    await leavesNothing(
      'none.mp4',
      writeVideo(at('none.mp4'), ffmpeg, async () => undefined),
      /there was no picture/,
    );
    const controller = new AbortController();
    const stopped = writeVideo(
      at('stopped.mp4'),
      ffmpeg,
      async (put) => {
        await put(blankImage(64, 48, 0), 0);
        controller.abort(new Error('that is enough'));
        for (let i = 1; ; i++) {
          controller.signal.throwIfAborted();
          await put(blankImage(64, 48, 0), i);
        }
      },
      controller.signal,
    );
    await leavesNothing('stopped.mp4', stopped, /that is enough/);
  });

  it('tells what ffmpeg complained of, however much was still to be written', async () => {
    const broken = at('ffmpeg');
    writeFileSync(broken, '#!/bin/sh\nread -r line\necho the disk is full 1>&2\nexit 1\n');
    chmodSync(broken, 0o755);
    const ffmpeg = { path: broken, everyFrameOnce: [] };
    const writing = writeVideo(at('full.mp4'), ffmpeg, async (put) => {
      for (let i = 0; i < 200; i++) await put(blankImage(640, 480, 0), i);
    });
    await assert.rejects(
      writing,
      (error) => error instanceof ExpectedError && /full\.mp4 cannot be written .*the disk is full/.test(error.message),
    );
    assert.ok(!existsSync(at('full.mp4')));
  });

  it('makes missing folders', async () => {
    mkdirSync(at('there'));
    await writeVideo(at('there/a/b.mp4'), await findFfmpeg(), (put) => put(blankImage(64, 48, 0), 0));
    assert.deepEqual(readdirSync(at('there/a')), ['b.mp4']);
  });
});
