import { InvalidInputError } from '../errors.js';
import { TinyFaceDetector } from '../perception/faces/tiny_face_detector.js';
import type { RgbImage } from '../perception/image/rgb_image.js';
import { FaceApiLandmarkExtractor } from '../perception/landmarks/face_api_landmark_extractor.js';
import { CROP_SIDE, cropAround, DETECTOR_BOX_SIDE, type Landmarks68 } from '../perception/landmarks/landmarks68.js';
import { landmarksOfStill } from '../perception/landmarks_of_still.js';
import { FaceMeshExtractor } from '../perception/mediapipe/face_mesh_extractor.js';

/** Finds landmarks in images that have nothing to do with each other. */
export interface StillLandmarks {
  /** The landmarks of the image's face, in pixels; null where there is none. */
  of(image: RgbImage): Promise<Landmarks68 | null>;
  release(): Promise<void>;
}

/** Of the landmarks' networks, which are small: the next image is decoded beside them. */
const THREADS = 1;

/**
 * @throws InvalidInputError where no extractor of that name looks at images
 */
export async function openStillLandmarks(name: string): Promise<StillLandmarks> {
  if (name === 'face_api') return openFaceApi();
  if (name !== 'face_mesh' && name !== 'face_mesh_attention') {
    const expected = 'one that looks at images: face_mesh, face_mesh_attention, face_api';
    throw new InvalidInputError('the landmark extractor', name, expected, '--extractor');
  }
  const extractor = await FaceMeshExtractor.load({ attention: name === 'face_mesh_attention', threads: THREADS });
  return {
    of: async (image) => (await landmarksOfStill(image, extractor))?.landmarks ?? null,
    release: () => extractor.release(),
  };
}

async function openFaceApi(): Promise<StillLandmarks> {
  const detector = await TinyFaceDetector.load();
  const extractor = await FaceApiLandmarkExtractor.load();
  return {
    async of(image) {
      const [face] = await detector.detect(image);
      if (face === undefined) return null;
      const { x, y, width, height } = face.box;
      const side = (Math.max(width, height) * CROP_SIDE) / DETECTOR_BOX_SIDE;
      const square = { centerX: x + width / 2, centerY: y + height / 2, side, roll: 0 };
      return extractor.extract(image, cropAround(await extractor.extract(image, square)));
    },
    release: async () => undefined,
  };
}
