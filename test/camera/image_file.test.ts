import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readImageFile } from '../../src/camera/image_file.js';
import { InvalidInputError } from '../../src/errors.js';
import { NO_SHARED_DATA, sharedData, temporaryFolder } from '../support/folders.js';

const faces = sharedData('faces');
const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);

/** A PNG file of one pixel of the grey 128. */
const GREY = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describe('an image file', { skip: faces === null && NO_SHARED_DATA }, () => {
  it('is read by what is in it, whatever its name', async () => {
    writeFileSync(path('grey.jpg'), GREY);
    const { data, width, height } = await readImageFile(path('grey.jpg'), 'a test');
    assert.deepEqual([width, height, ...data], [1, 1, 128, 128, 128]);
    const plain = await readImageFile(join(faces!, 'sad.jpg'), 'a test');
    for (const name of ['sad.png', '50%02d.jpg', 'a b [1].jpg', 'sad: a "face".jpeg']) {
      copyFileSync(join(faces!, 'sad.jpg'), path(name));
      assert.deepEqual(await readImageFile(path(name), 'a test'), plain, name);
    }
    assert.equal(plain.data.length, plain.width * plain.height * 3);
  });

  it('is refused by its name where it is missing, empty, or no image', async () => {
    writeFileSync(path('empty.jpg'), '');
    writeFileSync(path('text.png'), 'no image');
    writeFileSync(path('short.jpg'), readFileSync(join(faces!, 'sad.jpg')).subarray(0, 3));
    for (const name of ['none.jpg', 'empty.jpg', 'text.png', 'short.jpg']) {
      await assert.rejects(readImageFile(path(name), 'a test'), (error) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.match(error.message, new RegExp(`${name}", expected an image that can be decoded .*from a test`));
        return true;
      });
    }
  });
});
