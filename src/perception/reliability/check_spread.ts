import type { FaceTrack } from '../faces/face_track.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { LandmarkExtractor } from '../landmarks/landmark_extractor.js';
import { landmarkSpread, shiftedSquare } from './face_reliability.js';

/** Images of a face from one look at how far its landmarks move when the square is shifted to the next. */
const SPREAD_FRAMES = 30;

/**
 * Looks anew whether the landmarks of faces stay where they are when the square is shifted: in the image after the one in which a
 * face was found (by a square of the detector, about which they are rougher), and now and then.
 *
 * @param seen faces of the image
 */
export async function checkSpread(
  image: RgbImage,
  seen: readonly FaceTrack[],
  extractor: LandmarkExtractor,
): Promise<void> {
  for (const track of seen) {
    if (track.spread === undefined) {
      track.spread = 0;
      track.spreadAge = SPREAD_FRAMES;
      continue;
    }
    if (++track.spreadAge < SPREAD_FRAMES) continue;
    const { landmarks, square } = track.face!;
    const [shifted] = await extractor.extract(image, [shiftedSquare(square)]);
    track.spread = landmarkSpread(landmarks, shifted!.landmarks);
    track.spreadAge = 0;
  }
}
