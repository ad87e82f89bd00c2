import type { RgbImage } from '../../perception/image/rgb_image.js';
import type { ByteReader } from '../byte_reader.js';

const HEADER_BYTES = 8;

/** What the process that decodes writes of an image: width and height, 32 bits each, then its pixels. */
export function imageReply({ data, width, height }: RgbImage): Uint8Array[] {
  return [new Uint8Array(Uint32Array.of(width, height).buffer), data];
}

/** What it writes of a file that it cannot decode: 0, the length of the reason, then the reason. */
export function refusal(reason: string): Uint8Array[] {
  const text = Buffer.from(reason);
  return [new Uint8Array(Uint32Array.of(0, text.length).buffer), text];
}

/** Reads what `imageReply` or `refusal` wrote; a text is the reason of a refusal, undefined the end of the stream. */
export async function readReply(bytes: ByteReader): Promise<RgbImage | string | undefined> {
  const header = await bytes.read(HEADER_BYTES);
  if (!header) return undefined;
  const [width, height] = new Uint32Array(header.buffer) as unknown as [number, number];
  const data = await bytes.read(width === 0 ? height : width * height * 3);
  if (!data) return undefined;
  return width === 0 ? Buffer.from(data).toString() : { data, width, height };
}
