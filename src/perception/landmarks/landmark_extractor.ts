import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { Landmarks68 } from './landmarks68.js';

/** Finds the 68 landmarks of faces whose place is known. */
export interface LandmarkExtractor {
  /** The extractor's name in a model's metadata: a model works on the points of the extractor it was trained on. */
  readonly name: string;

  /**
   * The landmarks of one face, in the image's pixels (they may lie outside of the image where the face does).
   *
   * @param square the crop around the face, see cropAround
   */
  extract(image: RgbImage, square: ImageSquare): Promise<Landmarks68>;
}
