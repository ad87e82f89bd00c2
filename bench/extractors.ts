import type { LandmarkExtractor } from '../src/perception/landmarks/landmark_extractor.js';
import { FaceMeshExtractor } from '../src/perception/mediapipe/face_mesh_extractor.js';

/** The extractors that are measured, each as it is loaded: one thread, as the node runs them. */
export const MEASURED_EXTRACTORS: Readonly<Record<string, () => Promise<LandmarkExtractor>>> = {
  face_mesh: () => FaceMeshExtractor.load({ attention: false, threads: 1 }),
  face_mesh_attention: () => FaceMeshExtractor.load({ attention: true, threads: 1 }),
};
