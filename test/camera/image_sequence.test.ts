import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findFfmpeg } from '../../src/camera/ffmpeg_program.js';
import { readImageFile } from '../../src/camera/image_file.js';
import { readImageSequence, type SequenceImage } from '../../src/camera/image_sequence.js';
import { ffmpegMissing } from '../support/clips.js';
import { temporaryFolder } from '../support/folders.js';

const folder = temporaryFolder();

describe('a sequence of images', { skip: ffmpegMissing }, () => {
  /** Images of a moving pattern. */
  async function draw(name: string, ending: string, size: string, count: number): Promise<string[]> {
    const { path } = await findFfmpeg();
    const pattern = join(folder.path, `${name}_%03d.${ending}`);
    const input = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10`, '-frames:v', String(count)];
    assert.equal(
      spawnSync(path, ['-v', 'error', ...input, '-pix_fmt', ending === 'jpg' ? 'yuvj420p' : 'rgb24', pattern]).status,
      0,
    );
    return Array.from({ length: count }, (_, i) =>
      join(folder.path, `${name}_${String(i + 1).padStart(3, '0')}.${ending}`),
    );
  }

  async function read(files: readonly string[], signal?: AbortSignal): Promise<SequenceImage[]> {
    const images: SequenceImage[] = [];
    for await (const image of readImageSequence(files, 'a test', signal)) images.push(image);
    return images;
  }

  it('is decoded as each of its files alone, whatever their formats and sizes', async () => {
    const files = [
      ...(await draw('a', 'jpg', '64x48', 9)),
      ...(await draw('b', 'png', '64x48', 3)),
      ...(await draw('c', 'png', '32x48', 3)),
    ];
    const images = await read(files);
    assert.deepEqual(
      images.map(({ file }) => file),
      files,
    );
    for (const [i, { image }] of images.entries()) {
      assert.deepEqual(image, await readImageFile(files[i]!, 'a test'), files[i]);
    }
  });

  it('goes on after a file that is broken, or missing, and says which', async () => {
    const files = await draw('d', 'png', '64x48', 6);
    writeFileSync(files[2]!, 'no image');
    writeFileSync(files[4]!, readFileSync(files[4]!).subarray(0, 100));
    const images = await read([...files.slice(0, 5), join(folder.path, 'missing.png'), files[5]!]);
    assert.deepEqual(
      images.map(({ image }) => image !== null),
      [true, true, false, true, false, false, true],
    );
    assert.match(images[2]!.reason, /d_003\.png/);
    assert.match(images[5]!.reason, /missing\.png/);
  });

  it('ends where it is to', async () => {
    const files = await draw('e', 'jpg', '64x48', 5);
    await assert.rejects(read(files, AbortSignal.abort(new Error('enough'))), /enough/);
  });
});
