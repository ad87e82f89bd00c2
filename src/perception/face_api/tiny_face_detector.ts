import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { intersectionOverUnion } from '../faces/box.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, squareToImage } from '../image/sample_square.js';
import type { FaceDetection } from '../landmarks/landmark_extractor.js';
import { type FaceApi, loadFaceApi } from './face_api.js';
import { CROP_SIDE_OVER_BOX, cropAroundBox } from './landmark_crop.js';

/** The options of a TinyFaceDetector. */
export const tinyFaceDetectorSchema = z.strictObject({
  /**
   * Pixels, a multiple of 32: the square that an image is scaled into. A face must be some 35 pixels wide in it. At
   * 320 the clips' faces of 70 of 640 pixels are found in every frame; at 224 (half the time) in half of them.
   */
  inputSize: z.int().multipleOf(32).min(96).max(1024).default(320),
  /** A detection with a lower score (0 to 1) is left out. */
  minScore: z.number().min(0).max(1).default(0.3),
  /** Pixels, a multiple of 32: the square that verify scales its crop into. */
  verificationInputSize: z.int().multipleOf(32).min(96).max(512).default(128),
});

/** The options of a TinyFaceDetector, those with a default left out at will. */
export type TinyFaceDetectorOptions = z.input<typeof tinyFaceDetectorSchema>;

/** How much of a face's surroundings verify looks at: the side of its square over that of the landmarks' crop. */
const VERIFICATION_MARGIN = 1.5;
/** verify takes a detection for the face in question when their boxes' intersection over union reaches this. */
const SAME_FACE_OVERLAP = 0.5;

/** face-api.js's tiny face detector (a small YOLO v2 with separable convolutions). */
export class TinyFaceDetector {
  readonly #faceApi: FaceApi;
  readonly #options: z.output<typeof tinyFaceDetectorSchema>;

  private constructor(faceApi: FaceApi, options: z.output<typeof tinyFaceDetectorSchema>) {
    this.#faceApi = faceApi;
    this.#options = options;
  }

  /** @throws InvalidInputError for unknown or invalid options, and when the weights cannot be read */
  static async load(options: TinyFaceDetectorOptions = {}): Promise<TinyFaceDetector> {
    const parsed = parseOptions(tinyFaceDetectorSchema, options, 'the options of TinyFaceDetector');
    return new TinyFaceDetector(await loadFaceApi(), parsed);
  }

  /**
   * Every face of an area of an image, best first.
   *
   * @param area upright; the whole image by default
   */
  async detect(image: RgbImage, area: ImageSquare = imageInCorner(image)): Promise<FaceDetection[]> {
    const { inputSize, minScore } = this.#options;
    const found = await this.#locate(image, area, inputSize, minScore);
    const scale = area.side / inputSize;
    return found
      .map(({ box, score }) => {
        const [x, y] = squareToImage(area, box.x / inputSize, box.y / inputSize);
        const inImage = { x, y, width: box.width * scale, height: box.height * scale };
        return { box: inImage, score, square: cropAroundBox(inImage, area.roll) };
      })
      .sort((first, second) => second.score - first.score);
  }

  /**
   * How sure the detector is that a face fills the middle of a square (the square being the crop that the landmarks
   * are looked for in, upright with the face): cheaper than detect, and stricter, as the place and size are given.
   *
   * @returns 0 (no face there) to 1
   */
  async verify(image: RgbImage, square: ImageSquare): Promise<number> {
    const size = this.#options.verificationInputSize;
    const wide = { ...square, side: square.side * VERIFICATION_MARGIN };
    const found = await this.#locate(image, wide, size, 0.02);
    const side = size / VERIFICATION_MARGIN / CROP_SIDE_OVER_BOX;
    const face = { x: (size - side) / 2, y: (size - side) / 2, width: side, height: side };
    let best = 0;
    for (const { box, score } of found) {
      if (score > best && intersectionOverUnion(box, face) >= SAME_FACE_OVERLAP) best = score;
    }
    return best;
  }

  /** Detections within a square of an image, in pixels of the network's input. */
  async #locate(image: RgbImage, square: ImageSquare, inputSize: number, scoreThreshold: number) {
    const input = this.#faceApi.squareTensor(image, square, inputSize);
    try {
      return await this.#faceApi.nets.tinyFaceDetector.locateFaces(input, { inputSize, scoreThreshold });
    } finally {
      input.dispose();
    }
  }
}

/** The square that has the image in its upper left corner, as face-api.js itself pads images. */
function imageInCorner({ width, height }: RgbImage): ImageSquare {
  const side = Math.max(width, height);
  return { centerX: side / 2, centerY: side / 2, side, roll: 0 };
}
