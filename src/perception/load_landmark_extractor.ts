import { z } from 'zod';
import { parseOptions } from '../options.js';
import { FaceApiExtractor } from './face_api/face_api_extractor.js';
import type { LandmarkExtractor } from './landmarks/landmark_extractor.js';
import { LOADABLE_EXTRACTOR_NAMES } from './landmarks/landmark_extractor_name.js';
import { FaceMeshExtractor } from './mediapipe/face_mesh_extractor.js';

const loadSchema = z.strictObject({
  /** What finds faces and landmarks. */
  landmarkExtractor: z.enum(LOADABLE_EXTRACTOR_NAMES),
  /** Threads of each run; face_api always has one. */
  threads: z.int().min(1).default(1),
});

/**
 * Loads what finds faces and their landmarks; the caller releases it.
 *
 * @param name `face_mesh`, `face_mesh_attention` or `face_api`
 * @param options threads: of each run of a network, 1 by default, which is the fastest for networks as small as these
 * @throws InvalidInputError for another name, and when a network cannot be read
 */
export async function loadLandmarkExtractor(
  name: string,
  options: { threads?: number } = {},
): Promise<LandmarkExtractor> {
  const origin = 'loadLandmarkExtractor';
  const { landmarkExtractor, threads } = parseOptions(loadSchema, { ...options, landmarkExtractor: name }, origin);
  if (landmarkExtractor === 'face_api') return FaceApiExtractor.load();
  return FaceMeshExtractor.load({ attention: landmarkExtractor === 'face_mesh_attention', threads });
}
