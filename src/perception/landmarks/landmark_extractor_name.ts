/** Names of landmark extractors, as data, models' metadata and parameters have them. */
export const LANDMARK_EXTRACTOR_NAMES = ['face_mesh', 'face_mesh_attention', 'face_api', 'dlib'] as const;

export type LandmarkExtractorName = (typeof LANDMARK_EXTRACTOR_NAMES)[number];
