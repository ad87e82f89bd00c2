import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { pngBytes } from '../../../src/perception/image/png_bytes.js';
import { ffmpegMissing, readFrames } from '../../support/clips.js';
import { temporaryFolder } from '../../support/folders.js';

const folder = temporaryFolder();

it('a PNG file has the pixels of the image, as ffmpeg reads it', { skip: ffmpegMissing }, () => {
  for (const [width, height] of [
    [1, 1],
    [37, 23],
  ] as const) {
    const image = { data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 89) % 256), width, height };
    const path = join(folder.path, `${width}.png`);
    writeFileSync(path, pngBytes(image));
    const [read, ...more] = readFrames(path);
    assert.equal(more.length, 0);
    assert.deepEqual([read!.width, read!.height], [width, height]);
    assert.ok(Buffer.from(image.data).equals(read!.data));
  }
});
