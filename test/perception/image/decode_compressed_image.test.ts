import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import sharp from 'sharp';
import { readImageFile } from '../../../src/camera/image_file.js';
import { InvalidInputError } from '../../../src/errors.js';
import { decodeCompressedImage, MOST_PIXELS } from '../../../src/perception/image/decode_compressed_image.js';
import { pngBytes } from '../../../src/perception/image/png_bytes.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import { ffmpegMissing, readFrames } from '../../support/clips.js';
import { readSmallPhoto } from '../../support/demo_photos.js';
import { temporaryFolder } from '../../support/folders.js';

const ORIGIN = 'the image on /camera/image_raw/compressed';

/** Levels of 256 that two images differ by, on average. */
function difference(a: RgbImage, b: RgbImage): number {
  assert.deepEqual([a.width, a.height, a.data.length], [b.width, b.height, b.data.length]);
  return a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]!), 0) / a.data.length;
}

describe('decodeCompressedImage', { skip: ffmpegMissing }, () => {
  let photo: RgbImage;
  let grey: RgbImage;
  const picture = () => sharp(photo.data, { raw: { width: photo.width, height: photo.height, channels: 3 } });

  before(async () => {
    photo = readSmallPhoto();
    const levels = await picture().greyscale().raw().toBuffer();
    grey = { ...photo, data: Uint8Array.from(photo.data, (_, at) => levels[Math.floor(at / 3)]!) };
  });

  it('decodes what the project itself writes, without loss', async () => {
    const decoded = await decodeCompressedImage({ format: 'png', data: pngBytes(photo) }, ORIGIN);
    assert.deepEqual(decoded, { ...photo, data: decoded.data });
    assert.equal(difference(decoded, photo), 0);
  });

  for (const { name, encode, most, isGrey = false } of [
    { name: 'a JPEG', encode: () => picture().jpeg({ quality: 95 }), most: 3 },
    { name: 'a progressive JPEG', encode: () => picture().jpeg({ quality: 95, progressive: true }), most: 3 },
    { name: 'a JPEG of grey', encode: () => picture().greyscale().jpeg({ quality: 95 }), most: 3, isGrey: true },
    { name: 'a PNG of grey', encode: () => picture().greyscale().png(), most: 0, isGrey: true },
    { name: 'a PNG with alpha', encode: () => picture().ensureAlpha(0.3).png(), most: 0 },
    { name: 'a PNG of a palette', encode: () => picture().png({ palette: true }), most: 6 },
  ]) {
    it(`decodes ${name}, whatever the format says`, async () => {
      const data = await encode().toBuffer();
      for (const format of ['jpeg', 'rgb8; jpeg compressed bgr8', 'png', '']) {
        const decoded = await decodeCompressedImage({ format, data }, ORIGIN);
        const off = difference(decoded, isGrey ? grey : photo);
        assert.ok(off <= most, `${off} levels off`);
      }
    });
  }

  it('decodes data in the middle of a buffer, and trailing bytes, as cameras send them', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const data = Buffer.concat([Buffer.alloc(7), jpeg, Buffer.alloc(100)]).subarray(7);
    const decoded = await decodeCompressedImage({ format: 'jpeg', data }, ORIGIN);
    assert.equal(difference(decoded, await decodeCompressedImage({ format: 'jpeg', data: jpeg }, ORIGIN)), 0);
  });

  it('passes over a colour profile, as for files of images and as OpenCV does', async () => {
    const folder = temporaryFolder();
    for (const { name, data } of [
      {
        name: 'profile.jpg',
        data: await picture().withIccProfile('p3').jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
      },
      { name: 'profile.png', data: await picture().withIccProfile('p3').png().toBuffer() },
    ]) {
      const file = join(folder.path, name);
      writeFileSync(file, data);
      const decoded = await decodeCompressedImage({ format: '', data }, ORIGIN);
      assert.equal(difference(decoded, await readImageFile(file, 'a test')), 0);
      // FFmpeg passes it over too; what the profile says is the photo in sRGB, that the file was made of.
      const [passedOver, said] = [readFrames(file, 1)[0]!, photo].map((image) => difference(decoded, image));
      assert.ok(passedOver! < 1 && said! > 1 && said! > 2 * passedOver!, `${name}: ${passedOver}, ${said}`);
    }
  });

  const bomb = () => {
    const png = Buffer.from(pngBytes({ data: new Uint8Array(12), width: 2, height: 2 }));
    png.writeUInt32BE(60000, 16);
    png.writeUInt32BE(60000, 20);
    return png;
  };
  for (const { name, format = 'jpeg', make, words } of [
    { name: 'nothing', make: () => Buffer.alloc(0), words: /data of format "jpeg" is "empty", expected a JPEG or PNG/ },
    {
      name: 'another format',
      format: 'webp',
      make: () => picture().webp().toBuffer(),
      words: /data of format "webp" is "52494646\w+\.\.\.", expected a JPEG or PNG image/,
    },
    {
      name: 'half a JPEG',
      make: async () => (await picture().jpeg().toBuffer()).subarray(0, 3000),
      words: /the JPEG of 3000 bytes is "VipsJpeg: premature end of JPEG image", expected one that can be decoded/,
    },
    {
      name: 'a PNG with a wrong checksum',
      make: async () => {
        const png = await picture().png().toBuffer();
        png[5000]! ^= 1;
        return png;
      },
      words: /the PNG of \d+ bytes is ".*read error"/,
    },
    {
      name: 'a PNG of 16 bits',
      make: () => picture().toColourspace('rgb16').png().toBuffer(),
      words: /bits of a sample of the PNG is 16, expected 8 at most/,
    },
    {
      name: 'depth',
      format: '16UC1; compressedDepth png',
      make: () => picture().png().toBuffer(),
      words: /format is "16UC1; compressedDepth png", expected a JPEG or PNG image of colours or grey, not of depth/,
    },
    {
      name: 'a few bytes of billions of pixels',
      make: bomb,
      words: /the size of the PNG is "60000 x 60000 pixels", expected at least 1 pixel, 33554432 at most/,
    },
    {
      name: 'no rows',
      make: () => Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 0, 66, 3, 0, 0]),
      words: /the size of the JPEG is "66 x 0 pixels"/,
    },
  ]) {
    it(`refuses ${name}`, async () => {
      const data = await make();
      await assert.rejects(
        decodeCompressedImage({ format, data }, ORIGIN),
        (error) => error instanceof InvalidInputError && error.origin === ORIGIN && words.test(error.message),
      );
    });
  }

  it('takes images of 8K', () => assert.ok(7680 * 4320 <= MOST_PIXELS));
});
