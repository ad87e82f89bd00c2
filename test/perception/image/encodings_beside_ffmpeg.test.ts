import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeImage, IMAGE_ENCODINGS } from '../../../src/perception/image/decode_image.js';
import type { RgbImage } from '../../../src/perception/image/rgb_image.js';
import type { ImageSquare } from '../../../src/perception/image/sample_square.js';
import type { LandmarkExtractor } from '../../../src/perception/landmarks/landmark_extractor.js';
import { DEFAULT_LANDMARK_EXTRACTOR } from '../../../src/perception/landmarks/landmark_extractor_name.js';
import type { Landmarks68 } from '../../../src/perception/landmarks/landmarks68.js';
import { loadLandmarkExtractor } from '../../../src/perception/load_landmark_extractor.js';
import { convertPixels, ffmpegMissing } from '../../support/clips.js';
import { readDemoPhotos } from '../../support/demo_photos.js';
import { ENCODINGS } from '../../support/encodings.js';

/** Levels of 256 that a colour is off on average at most: FFmpeg takes colours between the samples from further away. */
const MEAN_DIFFERENCE = 1;
/** Of the distance of the outer eye corners, the mean over the points: how far landmarks move at most by an encoding. */
const LANDMARK_DISTANCE = 0.02;

/** A mosaic of an image as ffmpeg has no encoder for: of each pixel the colour that a name such as bayer_rggb16le says. */
function mosaicOf({ data, width, height }: RgbImage, name: string): Uint8Array {
  const [, order, bits] = /^bayer_([rgb]{4})(8|16)/.exec(name)!;
  const colours = [...order!].map((letter) => 'rgb'.indexOf(letter));
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      samples[y * width + x] = data[(y * width + x) * 3 + colours[2 * (y & 1) + (x & 1)]!]!;
    }
  }
  return bits === '8' ? samples : convertPixels(samples, width, height, 'gray', name.replace(/^.*16/, 'gray16'));
}

describe('decodeImage beside FFmpeg, on a photo of a face', { skip: ffmpegMissing }, () => {
  let photo: RgbImage;
  let extractor: LandmarkExtractor;
  let square: ImageSquare;
  let landmarks: Landmarks68;

  before(async () => {
    const { image } = readDemoPhotos()[0]!;
    // Even sides, as the encodings with shared colours want them.
    const [width, height] = [image.width, image.height & ~1];
    photo = { width, height, data: image.data.subarray(0, width * height * 3) };
    extractor = await loadLandmarkExtractor(DEFAULT_LANDMARK_EXTRACTOR);
    square = (await extractor.detect(photo))[0]!.square;
    landmarks = await landmarksIn(photo);
  });
  after(() => extractor.release());

  async function landmarksIn(image: RgbImage): Promise<Landmarks68> {
    const [face] = await extractor.extract(image, [{ ...square }]);
    assert.ok(face!.score >= extractor.scoreRules.likely, `a score of ${face!.score}`);
    return face!.landmarks;
  }

  it("knows FFmpeg's name of every encoding", () => assert.deepEqual(Object.keys(ENCODINGS), [...IMAGE_ENCODINGS]));

  for (const [encoding, { name, bytes, big = false }] of Object.entries(ENCODINGS)) {
    it(`decodes ${encoding} to the same colours, and finds the face's landmarks where they are`, async () => {
      const { width, height } = photo;
      const isBayer = name.startsWith('bayer');
      const data = isBayer ? mosaicOf(photo, name) : convertPixels(photo.data, width, height, 'rgb24', name);
      const expected = convertPixels(data, width, height, name, 'rgb24');
      const source = { encoding, width, height, step: width * bytes, isBigendian: big, data };
      const decoded = decodeImage(source, 'a photo');
      let [sum, worst] = [0, 0];
      decoded.data.forEach((value, at) => {
        const difference = Math.abs(value - expected[at]!);
        sum += difference;
        worst = Math.max(worst, difference);
      });
      const mean = sum / expected.length;
      const found = await landmarksIn(decoded);
      const eyes = Math.hypot(landmarks[2 * 45]! - landmarks[2 * 36]!, landmarks[2 * 45 + 1]! - landmarks[2 * 36 + 1]!);
      let distance = 0;
      for (let point = 0; point < 68; point++) {
        const [x, y] = [found[2 * point]! - landmarks[2 * point]!, found[2 * point + 1]! - landmarks[2 * point + 1]!];
        distance += Math.hypot(x, y) / eyes / 68;
      }
      assert.ok(mean < MEAN_DIFFERENCE, `${mean} levels off`);
      assert.ok(distance < LANDMARK_DISTANCE, `landmarks move by ${distance} of the eyes' distance`);
    });
  }

  for (const bits of [10, 12, 14]) {
    it(`decodes ${bits} bits in the lower ones of two bytes, and finds the landmarks as in 8`, async () => {
      const { width, height, data: rgb } = photo;
      const grey = convertPixels(rgb, width, height, 'rgb24', `gray${bits}le`);
      const ofGrey = { encoding: 'mono16', width, height, step: 2 * width, isBigendian: 0, data: grey, bitDepth: bits };
      const decoded = decodeImage(ofGrey, 'a photo');
      const expected = convertPixels(grey, width, height, `gray${bits}le`, 'gray');
      const worst = expected.reduce((most, level, at) => Math.max(most, Math.abs(level - decoded.data[3 * at]!)), 0);
      // FFmpeg shifts, and does not divide by the largest sample.
      assert.ok(worst <= 1, `${worst} levels off`);
      await landmarksIn(decoded);
      for (const [encoding, bytes] of [
        ['rgb16', 6],
        ['bayer_rggb16', 2],
      ] as const) {
        const { name } = ENCODINGS[encoding]!;
        const whole = encoding === 'rgb16' ? convertPixels(rgb, width, height, 'rgb24', name) : mosaicOf(photo, name);
        const upper = new Uint16Array(whole.slice().buffer);
        const lower = new Uint8Array(upper.map((sample) => sample >> (16 - bits)).buffer);
        const image = { encoding, width, height, step: bytes * width, isBigendian: 0 };
        const ofLower = decodeImage({ ...image, data: lower, bitDepth: bits }, 'a photo');
        const ofWhole = decodeImage({ ...image, data: whole }, 'a photo');
        assert.ok(
          ofLower.data.every((level, at) => Math.abs(level - ofWhole.data[at]!) <= 1),
          encoding,
        );
      }
    });
  }
});
