import sharp from 'sharp';
import type { SeededRandom } from '../../src/learner/random/seeded_random.js';
import type { CompressedImage, EncodedImage } from '../../src/perception/image/encoded_image.js';
import { ENCODINGS } from './encodings.js';

const NAMES = [...Object.keys(ENCODINGS), '32FC1', '64FC4', '8SC1', 'nonsense', '', 'constructor', '__proto__', 'RGB8'];
const FORMATS = ['jpeg', 'png', 'rgb8; jpeg compressed bgr8', '16UC1; compressedDepth png', 'h264', '', '\u0000'];

function pick<Value>(random: SeededRandom, values: readonly Value[]): Value {
  return values[random.below(values.length)]!;
}

/** A number that a message may hold where another is meant. */
function oddNumber(random: SeededRandom, meant: number): number {
  const near = [0, 1, meant - 1, meant + 1, 2 * meant, Math.floor(meant / 2)];
  return Math.max(0, pick(random, [...near, 2 ** 31, 2 ** 32 - 1, random.nextUint32()]));
}

/** An image with something wrong in most cases: its encoding, size, step or data. Numbers are those that a message can hold. */
export function malformedImage(random: SeededRandom): EncodedImage {
  const encoding = pick(random, NAMES);
  const { bytes = 3, planes = 1 } = Object.hasOwn(ENCODINGS, encoding) ? ENCODINGS[encoding]! : {};
  const odd = (meant: number) => (random.uniform() < 0.3 ? oddNumber(random, meant) : meant);
  const [meantWidth, meantHeight] = [1 + random.below(40), 1 + random.below(30)];
  const [width, height, step] = [odd(meantWidth), odd(meantHeight), odd(meantWidth * bytes)];
  const meantLength = Math.floor(meantWidth * bytes * meantHeight * planes);
  const length = Math.min(20_000, odd(meantLength));
  const data = Uint8Array.from({ length }, () => random.uniform() * 256);
  return { encoding, width, height, step, isBigendian: pick(random, [0, 1]), data };
}

/** Files of a small image: JPEG, progressive JPEG and PNG. */
export function smallFiles(): Promise<Buffer[]> {
  const data = Uint8Array.from({ length: 24 * 18 * 3 }, (_, at) => at);
  const picture = () => sharp(data, { raw: { width: 24, height: 18, channels: 3 } });
  const pictures = [picture().jpeg(), picture().jpeg({ progressive: true }), picture().png()];
  return Promise.all(pictures.map((each) => each.toBuffer()));
}

/** A file of an image with bytes changed, cut off, doubled or put in, or no image at all. */
export function malformedCompressedImage(random: SeededRandom, files: readonly Uint8Array[]): CompressedImage {
  const format = pick(random, FORMATS);
  let data = Uint8Array.from(pick(random, files));
  const place = () => random.below(data.length);
  switch (random.below(6)) {
    case 0:
      data = data.subarray(0, place());
      break;
    case 1:
      data = Uint8Array.from({ length: place() }, () => random.uniform() * 256);
      break;
    case 2:
      // Where a file tells of its size and kind.
      data[random.below(Math.min(40, data.length))] = random.uniform() * 256;
      break;
    case 3:
      data = Uint8Array.from([...data.subarray(0, place()), ...data]);
      break;
    default:
      for (let count = 1 + 20 * random.uniform(); count > 0; count--) data[place()] = random.uniform() * 256;
  }
  return { format, data };
}
