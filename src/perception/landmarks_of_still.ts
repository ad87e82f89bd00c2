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
 * The landmarks of the largest face of a still image, found as MediaPipe finds it in its static mode: by the detector,
 * then once by the network.
 *
 * @returns null where no face is found
 */
export async function landmarksOfStill(image: RgbImage, extractor: LandmarkExtractor): Promise<StillFace | null> {
  const whole = wholeImage(image);
  for (const relativeSide of AREA_SIDES) {
    const detections = await extractor.detect(image, { ...whole, side: whole.side * relativeSide });
    const faces = await extractor.extract(
      image,
      detections.map(({ square }) => square),
    );
    let largest: StillFace | null = null;
    faces.forEach((face, index) => {
      const { box } = detections[index]!;
      // The detector and the extractor have both seen it, as good as two images.
      const isLarger = largest === null || box.width * box.height > largest.box.width * largest.box.height;
      if (face.score >= extractor.scoreRules.likely && isLarger) largest = { ...face, box };
    });
    if (largest !== null) return largest;
  }
  return null;
}
