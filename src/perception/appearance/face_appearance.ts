import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../image/sample_square.js';
import { type Landmarks68, squareAround } from '../landmarks/landmarks68.js';
import { APPEARANCE_CLASSES, ExpressionNetwork } from './expression_network.js';

/** What the pixels of a face look like: the probabilities (7) of APPEARANCE_CLASSES, 0 to 1. */
export type Appearance = Float32Array;

/** The side of the square that is looked at over the longer side of the landmarks' box (in the face's own axes). */
const SIDE = 1.2;

/**
 * What the pixels of faces say of their expressions, beside their landmarks: face-api.js's expression network, which sees what no
 * landmark follows (furrows, teeth, cheeks).
 */
export class FaceAppearance {
  private constructor(private readonly network: ExpressionNetwork) {}

  /**
   * @param threads of each run
   * @throws InvalidInputError naming the file, where the package face-api.js is not whole
   */
  static async load(threads = 1): Promise<FaceAppearance> {
    return new FaceAppearance(await ExpressionNetwork.open(threads));
  }

  /**
   * @param faces (N): the landmarks of faces of the image, in pixels
   * @returns (N)
   */
  async of(image: RgbImage, faces: readonly Landmarks68[]): Promise<Appearance[]> {
    if (faces.length === 0) return [];
    const { inputSize } = this.network;
    const size = inputSize ** 2 * 3;
    const pixels = new Float32Array(faces.length * size);
    faces.forEach((landmarks, face) => {
      const target = pixels.subarray(face * size, (face + 1) * size);
      sampleSquare(image, appearanceSquare(landmarks), inputSize, { border: 'edge', target });
    });
    const probabilities = await this.network.run(pixels, faces.length);
    const classes = APPEARANCE_CLASSES.length;
    return faces.map((_, face) => probabilities.slice(face * classes, (face + 1) * classes));
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.network.release();
  }
}

/**
 * The square of an image that shows a face to the network: upright with its eyes, 1.2 times the landmarks' box. On 863 press photos
 * the network named more expressions right with it (mean recall of six classes 0.49) than with black beyond the image's edge
 * (0.48), with 1.1 or 1.4 times the box (0.47, 0.49), or with the box as face-api.js cuts it out (0.47); a mirrored look beside it
 * gains nothing.
 */
export function appearanceSquare(landmarks: Landmarks68): ImageSquare {
  return squareAround(landmarks, SIDE);
}
