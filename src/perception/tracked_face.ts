import type { Appearance } from './appearance/face_appearance.js';
import type { Box } from './faces/box.js';
import type { Landmarks68 } from './landmarks/landmarks68.js';
import type { FaceMesh } from './mediapipe/mesh_landmarks.js';

/** A face of an image, followed from the images before. */
export interface TrackedFace {
  /** 1, 2, ...: stays with a face from image to image; never given to another. */
  readonly trackId: number;
  /** Pixels; it may reach over the image's edges where a face is cut by them. */
  readonly box: Box;
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** (468, 3), where the extractor finds so many points. */
  readonly mesh: FaceMesh | undefined;
  /** 0 to 1: how sure the extractor is that it is a face, on its own scale. */
  readonly score: number;
  /** 0 to 1: how far what is seen of it suffices to tell its expression; see faceReliability. */
  readonly reliability: number;
  /** What its pixels look like, in this image or one up to 0.1 s before; undefined where nobody looks at them. */
  readonly appearance: Appearance | undefined;
}
