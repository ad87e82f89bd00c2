import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import type { Box } from './box.js';

/** A face that a detector saw. */
export interface FaceDetection {
  readonly box: Box;
  /** 0 to 1: how sure the detector is. */
  readonly score: number;
}

/** Finds faces in images. */
export interface FaceDetector {
  /** Every face of the image, best first. */
  detect(image: RgbImage): Promise<FaceDetection[]>;

  /**
   * How sure the detector is that a face fills the middle of a square (the square being the crop that the landmarks
   * are looked for in, upright with the face): cheaper than detect, and stricter, as the place and size are given.
   *
   * @returns 0 (no face there) to 1
   */
  verify(image: RgbImage, square: ImageSquare): Promise<number>;
}
