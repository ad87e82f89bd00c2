import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { type FaceApi, type FaceApiDetection, loadFaceApi } from '../face_api.js';
import type { RgbImage } from '../image/rgb_image.js';
import type { ImageSquare } from '../image/sample_square.js';
import { CROP_SIDE, DETECTOR_BOX_SIDE } from '../landmarks/landmarks68.js';
import { type Box, intersectionOverUnion } from './box.js';
import type { FaceDetection, FaceDetector } from './face_detector.js';

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
export class TinyFaceDetector implements FaceDetector {
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

  async detect(image: RgbImage): Promise<FaceDetection[]> {
    const { inputSize, minScore } = this.#options;
    const side = Math.max(image.width, image.height);
    const square = { centerX: side / 2, centerY: side / 2, side, roll: 0 };
    const found = await this.#locate(image, square, inputSize, minScore);
    const scale = side / inputSize;
    return found
      .map(({ box, score }) => ({ box: scaleBox(box, scale), score }))
      .sort((first, second) => second.score - first.score);
  }

  async verify(image: RgbImage, square: ImageSquare): Promise<number> {
    const size = this.#options.verificationInputSize;
    const wide = { ...square, side: square.side * VERIFICATION_MARGIN };
    const found = await this.#locate(image, wide, size, 0.02);
    const side = (size / VERIFICATION_MARGIN) * (DETECTOR_BOX_SIDE / CROP_SIDE);
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

function scaleBox({ x, y, width, height }: FaceApiDetection['box'], scale: number): Box {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}
