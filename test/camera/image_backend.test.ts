import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { extractFrames } from '../../src/camera/extract_frames.js';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import {
  type FrameSelection,
  findImageBackend,
  type ImageBackend,
  openImageBackend,
} from '../../src/camera/image_backend.js';
import type { SequenceImage } from '../../src/camera/image_sequence.js';
import { isOpenCvInstalled } from '../../src/camera/opencv/opencv_module.js';
import { InvalidInputError } from '../../src/errors.js';
import type { RgbImage } from '../../src/perception/image/rgb_image.js';
import { clipFiles, clipsMissing, ffmpegMissing } from '../support/clips.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';
import { opencvMissing } from '../support/opencv.js';

const folder = temporaryFolder();
const at = (...parts: string[]) => join(folder.path, ...parts);
const faces = sharedData('faces');

async function read(backend: ImageBackend, files: readonly string[], signal?: AbortSignal): Promise<SequenceImage[]> {
  const images: SequenceImage[] = [];
  for await (const image of backend.readImages(files, 'a test', signal)) images.push(image);
  return images;
}

let folders = 0;
async function frames(backend: ImageBackend, clip: string, selection: FrameSelection): Promise<string[]> {
  const target = at(`frames ${++folders} %d`);
  const { count, complaint } = await extractFrames(clip, target, { backend, keepDamaged: false, ...selection });
  assert.equal(complaint, undefined);
  const names = readdirSync(target).sort();
  assert.equal(names.length, count);
  names.forEach((name, i) => {
    assert.equal(name, `${String(i + 1).padStart(6, '0')}.${selection.format}`);
  });
  return names.map((name) => join(target, name));
}

/** Draws a test image. @param options ffmpeg's, for what it writes */
async function draw(name: string, size: string, ...options: string[]): Promise<string> {
  const { path } = await findFfmpeg();
  const input = ['-f', 'lavfi', '-i', `testsrc=size=${size}`, '-frames:v', '1'];
  const { status, stderr } = spawnSync(path, ['-v', 'error', ...input, ...options, at(name)], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return at(name);
}

/** A JPEG file with the orientation in its Exif data: 6 is to be shown turned by 90 degrees. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
  const exif = [...Buffer.from('Exif\0\0II*\0'), 8, 0, 0, 0, 1, 0, ...entry, 0, 0, 0, 0];
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, exif.length + 2, ...exif]), jpeg.subarray(2)]);
}

/** Asserts that images have the same pixels. */
function assertSame(ours: readonly SequenceImage[], theirs: readonly SequenceImage[]): void {
  for (const [i, { file, image }] of ours.entries()) {
    const other = theirs[i]!.image!;
    assert.deepEqual([image!.width, image!.height], [other.width, other.height], file);
    assert.ok(Buffer.from(image!.data).equals(other.data), file);
  }
}

describe('the image backend', () => {
  it('auto is OpenCV where it is installed, else FFmpeg', { skip: ffmpegMissing }, async () => {
    assert.equal((await findImageBackend('auto', 'a test')).name, isOpenCvInstalled() ? 'opencv' : 'ffmpeg');
  });
});

for (const name of ['ffmpeg', 'opencv'] as const) {
  describe(`images and clips through ${name}`, { skip: ffmpegMissing || (name === 'opencv' && opencvMissing) }, () => {
    let backend: ImageBackend;
    before(async () => {
      backend = openImageBackend(await findImageBackend(name, 'a test'));
    });

    it('are red, green and blue, whatever the format', async () => {
      const files: string[] = [];
      for (const format of ['rgb24', 'rgba', 'rgb48be']) {
        files.push(
          await draw(`${name}_${format}.png`, '64x48', '-vf', 'drawbox=color=0xff8000:t=fill', '-pix_fmt', format),
        );
      }
      files.push(
        await draw(`${name}_444.jpg`, '64x48', '-vf', 'drawbox=color=0xff8000:t=fill', '-pix_fmt', 'yuvj444p'),
      );
      for (const { file, image } of await read(backend, files)) {
        assert.deepEqual([image!.width, image!.height, image!.data.length], [64, 48, 64 * 48 * 3], file);
        for (const [channel, value] of [255, 128, 0].entries()) {
          assert.ok(Math.abs(image!.data[channel]! - value) <= 3, `${file}: ${image!.data.subarray(0, 3)}`);
        }
      }
    });

    it('come in order, and those that are broken or missing are named', async () => {
      const files = await Promise.all([1, 2, 3, 4].map((i) => draw(`${name}${i}.png`, `${60 + 2 * i}x48`)));
      writeFileSync(files[1]!, 'no image');
      writeFileSync(files[2]!, '');
      files.push(at('missing.png'));
      // OpenCV ends its process at the header of an image as large as this.
      const huge = readFileSync(files[0]!);
      huge.writeUInt32BE(60_000, 16);
      huge.writeUInt32BE(60_000, 20);
      huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
      writeFileSync(at(`${name}_huge.png`), huge);
      files.splice(3, 0, at(`${name}_huge.png`));
      const images = await read(backend, files);
      assert.deepEqual(
        images.map(({ file, image }) => [file, image?.width]),
        files.map((file, i) => [file, [62, undefined, undefined, undefined, 68, undefined][i]]),
      );
      for (const i of [1, 2, 3, 5]) {
        assert.match(
          images[i]!.reason,
          new RegExp(`${files[i]}", expected .*decoded \\(${name === 'opencv' ? name : 'sharp'}: .*from a test`),
        );
      }
    });

    it('are turned as their Exif data say', async () => {
      const upright = readFileSync(await draw(`${name}_upright.jpg`, '64x48', '-pix_fmt', 'yuvj444p'));
      writeFileSync(at('turned.jpg'), withOrientation(upright, 6));
      const [image, turned] = await read(backend, [at(`${name}_upright.jpg`), at('turned.jpg')]);
      assert.deepEqual([turned!.image!.width, turned!.image!.height], [48, 64]);
      const pixel = ({ data, width }: RgbImage, x: number, y: number) =>
        data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
      assert.deepEqual(pixel(turned!.image!, 47 - 10, 20), pixel(image!.image!, 20, 10));
    });

    it('end where they are to', async () => {
      const files = await Promise.all([1, 2, 3].map((i) => draw(`${name}_end${i}.png`, '64x48')));
      await assert.rejects(read(backend, files, AbortSignal.abort(new Error('enough'))), /enough/);
    });

    it('of a clip that cannot be read leave nothing', async () => {
      writeFileSync(at('text.avi'), 'no clip');
      const extraction = { backend, rateHertz: null, format: 'jpg', keepDamaged: true } as const;
      await assert.rejects(extractFrames(at('text.avi'), at('none'), extraction), (error) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.match(error.message, new RegExp(`text\\.avi", expected a whole video .*\\(${name}: .+\\)`));
        return true;
      });
      assert.ok(!existsSync(at('none')));
    });

    it('of a clip that is damaged are kept where asked', { skip: clipsMissing }, async () => {
      writeFileSync(at('cut.mkv'), readFileSync(clipFiles('asl', '.mkv')[1]!).subarray(0, 100_000));
      const extraction = { backend, rateHertz: null, format: 'jpg' } as const;
      await assert.rejects(
        extractFrames(at('cut.mkv'), at('cut'), { ...extraction, keepDamaged: false }),
        /prematurely/,
      );
      const { count, complaint } = await extractFrames(at('cut.mkv'), at('cut'), { ...extraction, keepDamaged: true });
      assert.deepEqual([count, readdirSync(at('cut')).length], [31, 31]);
      assert.match(complaint!, /prematurely/);
    });

    it('stop in the middle of a clip', { skip: clipsMissing }, async () => {
      const controller = new AbortController();
      const extraction = {
        backend,
        rateHertz: 1000,
        format: 'png',
        keepDamaged: false,
        signal: controller.signal,
      } as const;
      setTimeout(() => controller.abort(new Error('enough')), 300);
      await assert.rejects(extractFrames(clipFiles('', '.mp4')[0]!, at('stopped'), extraction), /enough/);
      assert.ok(!existsSync(at('stopped')));
    });
  });
}

describe('FFmpeg and OpenCV', { skip: ffmpegMissing || opencvMissing }, () => {
  let ffmpeg: ImageBackend;
  let opencv: ImageBackend;
  before(async () => {
    ffmpeg = openImageBackend(await findImageBackend('ffmpeg', 'a test'));
    opencv = openImageBackend(await findImageBackend('opencv', 'a test'));
  });

  it('decode the same pixels', { skip: faces === null && NO_SHARED_DATA }, async () => {
    const photos = readdirSync(faces!)
      .filter((file) => file.endsWith('.jpg'))
      .map((file) => join(faces!, file));
    const drawn = ['yuvj420p.jpg', 'yuvj422p.jpg', 'yuvj444p.jpg', 'gray.jpg', 'rgb24.png', 'rgba.png', 'rgb48be.png'];
    const files = [...photos];
    for (const name of drawn) {
      files.push(await draw(`same_${name}`, '65x47', '-pix_fmt', name.split('.')[0]!));
    }
    assertSame(await read(ffmpeg, files), await read(opencv, files));
  });

  it('refuse photos that are cut short', { skip: faces === null && NO_SHARED_DATA }, async () => {
    writeFileSync(at('short.jpg'), readFileSync(join(faces!, 'sad.jpg')).subarray(0, 9000));
    for (const backend of [ffmpeg, opencv]) assert.equal((await read(backend, [at('short.jpg')]))[0]!.image, null);
  });

  for (const rateHertz of [null, 10, 12.5, 23.976, 60]) {
    it(`take the same frames of clips at ${rateHertz ?? 'their own'} Hz`, { skip: clipsMissing }, async () => {
      // PNG of many large frames takes long.
      const large = rateHertz === 60 ? [] : clipFiles('asl', 'help.mkv');
      for (const clip of [...large, clipFiles('', '.gif')[1]!]) {
        const selection = { rateHertz, format: 'png' } as const;
        const [ours, theirs] = [await frames(ffmpeg, clip, selection), await frames(opencv, clip, selection)];
        assert.equal(theirs.length, ours.length, clip);
        assertSame(await read(ffmpeg, ours), await read(ffmpeg, theirs));
      }
    });
  }
});
