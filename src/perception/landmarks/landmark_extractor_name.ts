/** Names of landmark extractors, as data, models' metadata and parameters have them. */
export const LANDMARK_EXTRACTOR_NAMES = ['face_mesh', 'face_mesh_attention', 'face_api', 'dlib'] as const;

export type LandmarkExtractorName = (typeof LANDMARK_EXTRACTOR_NAMES)[number];

/** The same, the best ones first. dlib's runs where its file is there. */
export const LOADABLE_EXTRACTOR_NAMES = [
  'face_mesh_attention',
  'face_mesh',
  'face_api',
  'dlib',
] as const satisfies readonly LandmarkExtractorName[];

export type LoadableExtractorName = (typeof LOADABLE_EXTRACTOR_NAMES)[number];

/** What is taken where none is named. */
export const DEFAULT_LANDMARK_EXTRACTOR = 'face_mesh_attention' satisfies LoadableExtractorName;
