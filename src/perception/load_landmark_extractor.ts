import { InvalidInputError } from '../errors.js';
import { DlibExtractor } from './dlib/dlib_extractor.js';
import type { ShapePredictor } from './dlib/shape_predictor.js';
import { FaceApiExtractor } from './face_api/face_api_extractor.js';
import type { LandmarkExtractor } from './landmarks/landmark_extractor.js';
import { LOADABLE_EXTRACTOR_NAMES } from './landmarks/landmark_extractor_name.js';
import { FaceMeshExtractor } from './mediapipe/face_mesh_extractor.js';

/** The options of loadLandmarkExtractor; each is for the extractors that have such a thing. */
export interface LandmarkExtractorOptions {
  readonly shapePredictor?: string | ShapePredictor | undefined;
  readonly threads?: number | undefined;
  readonly detectorSize?: number | undefined;
  readonly detectorThreshold?: number | undefined;
}

/**
 * Loads what finds faces and their landmarks; the caller releases it.
 *
 * @param name `face_mesh`, `face_mesh_attention`, `face_api` or `dlib`
 * @param options shapePredictor: dlib's 68-point model, or its file, where it is not the system's; threads: of each run of
 *   face_mesh's networks, 1 by default, which is the fastest for networks so small; detectorSize: pixels of the input of
 *   face_api's detector; detectorThreshold: above 0, below 1, the lowest score of a detection, the extractor's own by default
 * @throws InvalidInputError for another name, and when a network or the file cannot be read
 */
export async function loadLandmarkExtractor(
  name: string,
  { shapePredictor, threads = 1, detectorSize, detectorThreshold }: LandmarkExtractorOptions = {},
): Promise<LandmarkExtractor> {
  switch (name) {
    case 'dlib':
      return DlibExtractor.load({ shapePredictor, threads, minScore: detectorThreshold });
    case 'face_api':
      return FaceApiExtractor.load({ inputSize: detectorSize, minScore: detectorThreshold });
    case 'face_mesh':
    case 'face_mesh_attention':
      return FaceMeshExtractor.load({
        attention: name === 'face_mesh_attention',
        threads,
        minScore: detectorThreshold,
      });
    default: {
      const expected = `one that looks at images: ${LOADABLE_EXTRACTOR_NAMES.join(', ')}`;
      throw new InvalidInputError('the landmark extractor', name, expected, 'loadLandmarkExtractor');
    }
  }
}
