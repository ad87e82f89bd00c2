import type { FaceTrack } from '../faces/face_track.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { FaceAppearance } from './face_appearance.js';

/**
 * Seconds from one look at the pixels of a face to the next at least, so every third image of 30 in a second: an expression takes
 * longer to come, and the answers are smoothed over more.
 */
const APPEARANCE_SECONDS = 0.09;

/**
 * Looks at the pixels of the faces whose last look is too old, all of them at once.
 *
 * @param seen faces of the image
 * @param stampSeconds when the image was taken
 * @param appearance undefined where pixels do not count: earlier looks are forgotten
 */
export async function lookAtPixels(
  image: RgbImage,
  seen: readonly FaceTrack[],
  stampSeconds: number,
  appearance: FaceAppearance | undefined,
): Promise<void> {
  if (appearance === undefined) {
    for (const track of seen) track.look = undefined;
    return;
  }
  // Stamps may go back.
  const due = seen.filter(({ look }) => !(Math.abs(stampSeconds - (look?.stampSeconds ?? NaN)) < APPEARANCE_SECONDS));
  const appearances = await appearance.of(
    image,
    due.map(({ face }) => face!.landmarks),
  );
  for (const [index, track] of due.entries()) track.look = { stampSeconds, appearance: appearances[index]! };
}
