import { type Box, intersectionOverUnion } from '../faces/box.js';
import { boxAround } from '../faces/face_track.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import type { MediaPipeFaceDetector } from './mediapipe_face_detector.js';

/**
 * How the detector is asked whether points are a face's: it looks at upright squares about the box around them, of these
 * sides over the box's, and must see a face there whose box overlaps with it so much (intersection over union). One look
 * is enough at such a score; none below the least. With the whole image before it, the detector takes a signer's hands in front of the chest
 * for a face in some images, and the mesh with attention agrees. These looks turn down all of the 13 faces that it would
 * find there in 8 clips, and 1 of 221 faces of stills; 1 of 193 with half of the face covered, 11 of 91 with the eyes covered.
 */
const CLOSE_LOOKS = { sides: [2, 3], overlap: 0.3, enough: 0.7, least: 0.5 };

/**
 * How sure the detector is, on a close look, that landmarks are a face's.
 *
 * @param side of the square that it looks at, over that of the box around the landmarks
 * @returns 0 to 1; 0 where it sees none there
 */
export async function closeLook(
  detector: MediaPipeFaceDetector,
  image: RgbImage,
  landmarks: Landmarks68,
  side: number = CLOSE_LOOKS.sides[0],
): Promise<number> {
  const box = boxAround(landmarks);
  const seen = await detector.detect(image, squareAround(box, side));
  return seen.find((face) => intersectionOverUnion(face.box, box) > CLOSE_LOOKS.overlap)?.score ?? 0;
}

/**
 * The same on several close looks, none of which may miss the face.
 *
 * @returns 0 to 1: the least of them
 */
export async function confirmFace(
  detector: MediaPipeFaceDetector,
  image: RgbImage,
  landmarks: Landmarks68,
): Promise<number> {
  let least = 1;
  for (const side of CLOSE_LOOKS.sides) {
    least = Math.min(least, await closeLook(detector, image, landmarks, side));
    if (least < CLOSE_LOOKS.least || least >= CLOSE_LOOKS.enough) break;
  }
  return least;
}

/** An upright square about the middle of a box, its side in that of the box's longer side. */
function squareAround({ x, y, width, height }: Box, side: number): ImageSquare {
  return { centerX: x + width / 2, centerY: y + height / 2, side: side * Math.max(width, height), roll: 0 };
}
