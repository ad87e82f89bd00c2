import { basename } from 'node:path';
import type { SequenceImage } from '../camera/image_sequence.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import type { LandmarkFrame } from './landmark_folder.js';
import { fillMissing, type MissingRule } from './missing_landmarks.js';

/** Why there are no landmarks of an image in which nobody is seen. */
export const NO_FACE = 'no face';

/**
 * The landmarks of a sequence's images.
 *
 * @param landmarksOf of the next image, (68, 2) in its pixels; null where there is no face
 * @param rule what becomes of images without a face, and of those that cannot be decoded
 * @param width of the image in the landmarks' pixels; null: its own
 */
export async function sequenceLandmarks(
  images: AsyncIterable<SequenceImage>,
  landmarksOf: (image: RgbImage, file: string) => Promise<Float32Array | null>,
  rule: MissingRule,
  width: number | null,
): Promise<LandmarkFrame[]> {
  const seen: { file: string; width: number; height: number; landmarks: Float32Array | null; reason: string }[] = [];
  for await (const { file, image, reason } of images) {
    if (image === null) {
      seen.push({ file, width: 0, height: 0, landmarks: null, reason });
      continue;
    }
    const scale = width === null ? 1 : width / image.width;
    const found = await landmarksOf(image, file);
    seen.push({
      file,
      width: image.width * scale,
      height: image.height * scale,
      landmarks: found && (scale === 1 ? found.slice() : found.map((value) => value * scale)),
      reason: found === null ? NO_FACE : '',
    });
  }
  const filled = fillMissing(
    seen.map(({ landmarks }) => landmarks),
    rule,
  );
  return seen.map(({ file, reason, ...size }, i) => ({ ...size, ...filled[i]!, image: basename(file), reason }));
}
