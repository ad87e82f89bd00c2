import { type FaceMesh, landmarksOfMesh } from '../mediapipe/mesh_landmarks.js';
import type { Landmarks68 } from './landmarks68.js';
import { OneEuroFilter } from './one_euro_filter.js';

/** The points of a face. */
interface FacePoints {
  /** Pixels. */
  readonly landmarks: Landmarks68;
  /** (468, 3), where there are so many points; the landmarks are among them. */
  readonly mesh: FaceMesh | undefined;
}

/** Steadies the points of one followed face, each with the One Euro filter. */
export class FaceFilter {
  readonly #landmarks = new OneEuroFilter(2);
  readonly #mesh = new OneEuroFilter(3);

  /**
   * The points of the next image, filtered; the landmarks are those of the mesh afterwards too.
   *
   * @param faceSize pixels, such as the side of the face's box
   * @throws InvalidInputError when the stamp or the size is not finite, or the size is not above 0
   */
  filter({ landmarks, mesh }: FacePoints, stampSeconds: number, faceSize: number): FacePoints {
    if (!mesh) return { landmarks: this.#landmarks.filter(landmarks, stampSeconds, faceSize), mesh };
    const filtered = this.#mesh.filter(mesh, stampSeconds, faceSize);
    return { landmarks: landmarksOfMesh(filtered), mesh: filtered };
  }
}
