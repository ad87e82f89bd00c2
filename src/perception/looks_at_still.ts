import type { RgbImage } from './image/rgb_image.js';
import { movedSquare, type SquareMove } from './image/sample_square.js';
import type { ExtractedFace, LandmarkExtractor } from './landmarks/landmark_extractor.js';
import type { Landmarks68 } from './landmarks/landmarks68.js';
import { meanOfLooks } from './mean_of_looks.js';

/**
 * Where a still's face is looked at: its own square, and that square moved and enlarged (parts of its side) and turned (radians).
 * The points of one look are 0.012 of the eyes' distance from the mean of these five on press photos; on 935 of those a linear
 * classifier names the mean's expression more often than that of one look: mean recall 0.537 instead of 0.521 through the mesh
 * with attention, 0.552 instead of 0.530 through the plain one. Thirteen looks gain no more.
 */
const LOOKS: readonly SquareMove[] = [
  { right: 0, down: 0, larger: 0, turned: 0 },
  { right: 0.04, down: 0.03, larger: 0.05, turned: 0 },
  { right: -0.04, down: -0.03, larger: -0.05, turned: 0 },
  { right: 0, down: 0, larger: 0, turned: 0.06 },
  { right: 0, down: 0, larger: 0, turned: -0.06 },
];

/**
 * The landmarks of a still's face, steadier than one look at it gives: the mean of five. A stream of images has no need of
 * it, as its answers are smoothed over time.
 *
 * @param face as landmarksOfStill finds it
 * @returns (68, 2), pixels
 */
export async function meanLandmarksOfStill(
  image: RgbImage,
  { square }: ExtractedFace,
  extractor: LandmarkExtractor,
): Promise<Landmarks68> {
  const looks = await extractor.extract(
    image,
    LOOKS.map((look) => movedSquare(square, look)),
  );
  return meanOfLooks(looks.map(({ landmarks }) => landmarks));
}
