import assert from 'node:assert/strict';
import { it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { decodeSensorImage } from '../../../src/perception/image/decode_sensor_image.js';
import type { SensorImage } from '../../../src/perception/image/encoded_image.js';
import { malformedCompressedImage, malformedImage, smallFiles } from '../../support/malformed_images.js';

/** Whether an image is decoded; if so it has a size that is its data's, else an error that names what is wrong. */
async function isDecoded(image: SensorImage): Promise<boolean> {
  try {
    const { width, height, data } = await decodeSensorImage(image, 'a test');
    assert.equal(data.length, 3 * width * height);
    return true;
  } catch (error) {
    assert.ok(
      error instanceof InvalidInputError,
      `${error} for ${JSON.stringify({ ...image, data: image.data.length })}`,
    );
    assert.ok(error.message.length < 1000 && error.origin === 'a test');
    return false;
  }
}

const megabytes = () => process.memoryUsage().rss / 1e6;

it('ten thousand malformed images are refused by name or decoded, and take no memory', async () => {
  const random = new SeededRandom(1);
  let decoded = 0;
  for (let count = 0; count < 8000; count++) if (await isDecoded(malformedImage(random))) decoded++;
  assert.ok(decoded > 500 && decoded < 4000, `${decoded} were decoded: the images are not of every kind`);
  const files = await smallFiles();
  decoded = 0;
  let before = 0;
  for (let count = 0; count < 2000; count++) {
    if (count === 1000) before = megabytes();
    if (await isDecoded(malformedCompressedImage(random, files))) decoded++;
  }
  assert.ok(decoded > 100 && decoded < 1900, `${decoded} were decoded: the images are not of every kind`);
  assert.ok(megabytes() < before + 30, `${before} MB, then ${megabytes()} MB`);
});

it('numbers that are none are refused by name', async () => {
  const good = { encoding: 'mono8', width: 2, height: 2, step: 2, isBigendian: 0, data: new Uint8Array(4) };
  for (const value of [Number.NaN, Infinity, -Infinity, -1, 1.5]) {
    for (const name of ['width', 'height', 'step']) assert.equal(await isDecoded({ ...good, [name]: value }), false);
  }
});
