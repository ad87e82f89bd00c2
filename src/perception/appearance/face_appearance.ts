import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../image/sample_square.js';
import { type Landmarks68, squareAround } from '../landmarks/landmarks68.js';
import { meanOfLooks } from '../mean_of_looks.js';
import { ExpressionNetwork, type LinearLayer } from './expression_network.js';

/** What the pixels of a face look like: the features (256) of face-api.js's expression network, which an AppearanceClassifier reads. */
export type Appearance = Float32Array;

/** The side of the square that is looked at over the longer side of the landmarks' box (in the face's own axes). */
const SIDE = 1.2;

/**
 * Sides of the squares in which a still is looked at, over that of a single look. On 1126 press photos these and their mirror images made
 * the classifier of pixels name more expressions right (mean recall of six classes 0.62) than the one square and its mirror image (0.60).
 */
const STILL_SIDES = [0.9, 1, 1.1, 1.2];

/**
 * What the pixels of faces say of their expressions, beside their landmarks: the features of face-api.js's expression network, which
 * sees what no landmark follows (furrows, teeth, cheeks).
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

  /** What face-api.js's network itself makes of an Appearance. */
  get lastLayer(): LinearLayer {
    return this.network.lastLayer;
  }

  /**
   * @param faces (N): the landmarks of faces of the image, in pixels
   * @returns (N)
   */
  of(image: RgbImage, faces: readonly Landmarks68[]): Promise<Appearance[]> {
    return this.#look(image, faces.map(appearanceSquare), { mirrored: false });
  }

  /**
   * The appearance of a still's face, steadier than one look gives: the mean of the face and its mirror image in squares of several
   * sizes. A stream has no need of it, as its answers are smoothed over time.
   */
  async ofStill(image: RgbImage, face: Landmarks68): Promise<Appearance> {
    const square = appearanceSquare(face);
    const squares = STILL_SIDES.map((times) => ({ ...square, side: times * square.side }));
    return meanOfLooks(await this.#look(image, squares, { mirrored: true }));
  }

  /** The appearance of a face, and that of its mirror image. */
  async bothWays(image: RgbImage, face: Landmarks68): Promise<[seen: Appearance, mirrored: Appearance]> {
    const [seen, mirrored] = await this.#look(image, [appearanceSquare(face)], { mirrored: true });
    return [seen!, mirrored!];
  }

  /** @param mirrored whether each square is looked at mirrored, too: right after the look at it as it is */
  async #look(
    image: RgbImage,
    squares: readonly ImageSquare[],
    { mirrored }: { mirrored: boolean },
  ): Promise<Appearance[]> {
    if (squares.length === 0) return [];
    const { inputSize, featureCount } = this.network;
    const size = inputSize ** 2 * 3;
    const looks = mirrored ? 2 * squares.length : squares.length;
    const pixels = new Float32Array(looks * size);
    const look = (at: number) => pixels.subarray(at * size, (at + 1) * size);
    squares.forEach((square, at) => {
      const target = look(mirrored ? 2 * at : at);
      sampleSquare(image, square, inputSize, { border: 'edge', target });
      if (mirrored) mirror(target, inputSize, look(2 * at + 1));
    });
    const { features } = await this.network.run(pixels, looks);
    return Array.from({ length: looks }, (_, at) => features.slice(at * featureCount, (at + 1) * featureCount));
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.network.release();
  }
}

/** Writes an image (size, size, 3) with its left and right sides exchanged. */
function mirror(image: Float32Array, size: number, target: Float32Array): void {
  for (let pixel = 0; pixel < size * size; pixel++) {
    const column = pixel % size;
    const from = pixel - column + (size - 1 - column);
    for (let channel = 0; channel < 3; channel++) target[3 * pixel + channel] = image[3 * from + channel]!;
  }
}

/**
 * The square of an image that shows a face to the network: upright with its eyes, 1.2 times the landmarks' box. On press photos
 * face-api.js's own network named more expressions right with it than with black beyond the image's edge, with 1.1 or 1.4
 * times the box, or with the box as face-api.js cuts it out.
 */
export function appearanceSquare(landmarks: Landmarks68): ImageSquare {
  return squareAround(landmarks, SIDE);
}
