import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { clipSeconds } from '../../src/camera/clip_length.js';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { openRecording, type RecordedFrame } from '../../src/camera/recording.js';
import { ExpectedError } from '../../src/errors.js';
import { clipFiles, clipsMissing, readFrames, sharedData } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();

async function read(path: string, onDamage?: (words: string) => void, signal?: AbortSignal) {
  const options = { ffmpeg: await findFfmpeg(), folderRateHertz: 20, onDamage, signal };
  const { frames, seconds } = await openRecording(path, options, 'a test');
  const all: RecordedFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return { all, seconds };
}

const refused = (path: string, words: RegExp) =>
  assert.rejects(read(path), (error) => error instanceof ExpectedError && words.test(error.message));

describe('openRecording', { skip: clipsMissing }, () => {
  it('gives every frame of a video once, as red, green, blue, at its own time', async () => {
    const clip = join(sharedData, 'video', 'head-pose-face-detection-male.gif');
    const { all, seconds } = await read(clip);
    const expected = readFrames(clip);
    assert.equal(all.length, expected.length);
    all.forEach(({ image, index }, i) => {
      assert.equal(index, i);
      assert.deepEqual(image, { ...expected[i]!, data: new Uint8Array(expected[i]!.data) });
    });
    const stamps = all.map(({ stampSeconds }) => Math.round(100 * stampSeconds));
    assert.deepEqual(stamps.slice(0, 5), [0, 8, 17, 25, 33], 'a GIF counts hundredths of a second, here uneven ones');
    assert.equal(seconds, 5.16);
  });

  it('gives the images of a folder in natural order, those that are broken only where damage is taken', async () => {
    mkdirSync(join(folder.path, 'images'));
    const faces = join(sharedData, 'faces');
    copyFileSync(join(faces, 'happy.jpg'), join(folder.path, 'images', '10.jpg'));
    copyFileSync(join(faces, 'sad.jpg'), join(folder.path, 'images', '9.jpg'));
    const { all, seconds } = await read(join(folder.path, 'images'));
    assert.deepEqual(all[0]!.image.width, readFrames(join(faces, 'sad.jpg'), 1)[0]!.width);
    assert.deepEqual(
      all.map(({ stampSeconds, index }) => [index, stampSeconds]),
      [
        [0, 0],
        [1, 0.05],
      ],
    );
    assert.equal(seconds, 0.05);
    writeFileSync(join(folder.path, 'images', '9b.png'), 'no picture');
    await refused(join(folder.path, 'images'), /9b\.png/);
    const damages: string[] = [];
    const { all: kept } = await read(join(folder.path, 'images'), (words) => damages.push(words));
    assert.deepEqual(
      kept.map(({ index }) => index),
      [0, 2],
    );
    assert.match(damages.join(), /9b\.png/);
  });

  it('names a video that is cut short, and gives what can be read of it where damage is taken', async () => {
    const cut = join(folder.path, 'cut.mkv');
    writeFileSync(cut, readFileSync(clipFiles('asl', '.mkv')[0]!).subarray(0, 100_000));
    await refused(cut, /cut\.mkv.*ffmpeg: /);
    const damages: string[] = [];
    const { all } = await read(cut, (words) => damages.push(words));
    assert.ok(all.length > 10 && all.length < 77, `${all.length}`);
    assert.equal(damages.length, 1);
  });

  it('refuses what is no recording, damage taken or not', async () => {
    writeFileSync(join(folder.path, 'text.mp4'), 'text');
    await refused(
      '/nowhere.mp4',
      /the video is "\/nowhere\.mp4", expected a video file or a folder.*it does not exist/,
    );
    await refused(join(folder.path, 'text.mp4'), /text\.mp4.*a video that can be decoded/);
    await refused('/dev/null', /a video file or a folder of images/);
    await assert.rejects(
      read(join(folder.path, 'text.mp4'), () => undefined),
      /a video that can be decoded/,
    );
  });

  it("throws the signal's reason", async () => {
    const reason = new Error('stopped');
    await assert.rejects(
      read(clipFiles('asl', '.mkv')[0]!, undefined, AbortSignal.abort(reason)),
      (error) => error === reason,
    );
  });
});

describe('clipSeconds', { skip: clipsMissing }, () => {
  it('is undefined for what is no video', async () => {
    const text = join(folder.path, 'Duration: 00:01:00.mp4');
    writeFileSync(text, 'text');
    assert.equal(await clipSeconds(text, await findFfmpeg()), undefined);
  });
});
