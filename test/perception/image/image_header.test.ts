import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { imageHeader } from '../../../src/perception/image/image_header.js';

describe('the header of an image file', () => {
  const image = sharp(new Uint8Array(66 * 50 * 3), { raw: { width: 66, height: 50, channels: 3 } });

  it('tells its format, size and bits', async () => {
    const size = { width: 66, height: 50, bits: 8 };
    assert.deepEqual(imageHeader(await image.clone().jpeg().toBuffer()), { format: 'jpeg', ...size });
    assert.deepEqual(imageHeader(await image.clone().png().toBuffer()), { format: 'png', ...size });
    assert.deepEqual(
      imageHeader(
        await image
          .clone()
          .withExif({ IFD0: { Artist: 'a test' } })
          .jpeg()
          .toBuffer(),
      ),
      {
        format: 'jpeg',
        ...size,
      },
    );
  });

  it('is null of other files, and of those that end in it', () => {
    assert.equal(imageHeader(Buffer.from('GIF89a and more than enough bytes')), null);
    assert.equal(imageHeader(Buffer.from([0xff, 0xd8, 0xff])), null);
  });
});
