import { withoutRepeats } from './faces/without_repeats.js';
import { partsOfImage } from './image/image_parts.js';
import type { RgbImage } from './image/rgb_image.js';
import {
  type ExtractedFace,
  type FaceDetection,
  type LandmarkExtractor,
  wholeImage,
} from './landmarks/landmark_extractor.js';

/** The face of a still image. */
export interface StillFace extends ExtractedFace {
  readonly box: FaceDetection['box'];
}

/**
 * The searched area's side over the image's, in the order of the search. A detector misses faces that fill the image
 * (48x48 crops as tight as the landmarks: 204 of 220 found) and finds them with some black around (219).
 */
const AREA_SIDES = [1, 1.3, 2];

/**
 * The image's longer side over that of the parts that are searched where this finds no face, in the order of the search,
 * and how many pixels a part must have. Of 55 faces 0.08 of the image's side wide the detector alone sees 20, with halves 55.
 */
const PARTS = [
  { divisor: 2, minSide: 0 },
  { divisor: 4, minSide: 200 },
];

/**
 * The landmarks of the face of a still image: of several, the one that the detector is surest of, as MediaPipe takes it
 * in its static mode.
 *
 * @returns null where no face is found
 */
export async function landmarksOfStill(image: RgbImage, extractor: LandmarkExtractor): Promise<StillFace | null> {
  const [best] = await facesOfStill(image, extractor);
  return best ?? null;
}

/**
 * The faces of a still image, the one that the detector is surest of first. They are found as MediaPipe finds them, by the
 * detector, then once by the network; where it finds none, with some black around the image, and then, as faces too
 * small for it, in each part of the image.
 */
export async function facesOfStill(image: RgbImage, extractor: LandmarkExtractor): Promise<StillFace[]> {
  const whole = wholeImage(image);
  for (const relativeSide of AREA_SIDES) {
    const detections = await extractor.detect(image, { ...whole, side: whole.side * relativeSide });
    const faces = await facesAt(image, extractor, detections);
    if (faces.length > 0) return faces;
  }
  for (const { divisor, minSide } of PARTS) {
    if (whole.side / divisor < minSide) break;
    const detections: FaceDetection[] = [];
    for (const part of partsOfImage(image, divisor)) detections.push(...(await extractor.detect(image, part)));
    const faces: StillFace[] = [];
    // So many looks see a face in something else now and then: those found by them are looked at more closely.
    for (const face of await facesAt(image, extractor, withoutRepeats(detections))) {
      if ((await extractor.confirm(image, face)) >= extractor.scoreRules.likely) faces.push(face);
    }
    if (faces.length > 0) return faces;
  }
  return [];
}

/** Those of a detector's faces in which the extractor sees one too: that is as good as two images. */
async function facesAt(
  image: RgbImage,
  extractor: LandmarkExtractor,
  detections: readonly FaceDetection[],
): Promise<StillFace[]> {
  const squares = detections.map(({ square }) => square);
  const faces = await extractor.extract(image, squares);
  return faces.flatMap((face, index) =>
    face.score >= extractor.scoreRules.likely ? [{ ...face, box: detections[index]!.box }] : [],
  );
}
