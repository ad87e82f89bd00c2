import type { RgbImage } from '../src/perception/image/rgb_image.js';
import type { ImageSquare } from '../src/perception/image/sample_square.js';
import type { ExtractedFace, LandmarkExtractor } from '../src/perception/landmarks/landmark_extractor.js';
import type { FaceFollower } from './landmark_timing.js';

/** The detector looks in every so many frames. */
const DETECTION_INTERVAL = 10;

/** Faces followed by their own squares, the detector looking every so often. */
export function extractLoop(extractor: LandmarkExtractor): FaceFollower {
  let squares: ImageSquare[] = [];
  let frames = 0;
  return {
    async process(image: RgbImage): Promise<readonly ExtractedFace[]> {
      const looks = frames++ % DETECTION_INTERVAL === 0;
      const detections = looks ? await extractor.detect(image) : [];
      if (detections.length > squares.length) squares = detections.map(({ square }) => square);
      const faces = (await extractor.extract(image, squares)).filter(({ score }) => score >= extractor.scoreRules.keep);
      squares = faces.map(({ square }) => square);
      return faces;
    },
  };
}
