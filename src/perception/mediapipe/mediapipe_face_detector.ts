import { InvalidInputError } from '../../errors.js';
import { ReusedArrays } from '../image/reused_arrays.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare, squareToImage } from '../image/sample_square.js';
import { type FaceDetection, wholeImage } from '../landmarks/landmark_extractor.js';
import { cornerAligned } from './corner_aligned.js';
import { faceCandidates } from './face_candidates.js';
import { DETECTOR_INPUT_SIZE, type FaceDetectorNetwork, openFaceDetectorNetwork } from './face_detector_network.js';
import { SQUARE_SIDE } from './mesh_landmarks.js';

/** MediaPipe's own: a detection of a lower score is left out. */
const MIN_SCORE = 0.5;

/** Pixels a sample stands for at most. MediaPipe never averages: up to here the points agree with its own within 0.1 % of the eyes' distance. */
const MAX_STEP = 8;

/** A face as MediaPipe's detector sees it. */
export interface MediaPipeDetection extends FaceDetection {
  /** (6, 2), flat, in pixels: the subject's right and left eye, the nose's tip, the mouth, the right and the left ear. */
  readonly points: readonly number[];
}

/** MediaPipe's short-range face detector: for faces of about a tenth of the searched area's side and more. */
export class MediaPipeFaceDetector {
  readonly #network: FaceDetectorNetwork;
  readonly #minScore: number;
  readonly #inputs = new ReusedArrays(DETECTOR_INPUT_SIZE * DETECTOR_INPUT_SIZE * 3);

  private constructor(network: FaceDetectorNetwork, minScore: number) {
    this.#network = network;
    this.#minScore = minScore;
  }

  /**
   * @param threads of a run
   * @param minScore above 0, below 1: a detection of a lower score is left out
   * @throws InvalidInputError for another minScore, and when the network cannot be read
   */
  static async load(threads: number, minScore = MIN_SCORE): Promise<MediaPipeFaceDetector> {
    if (!(minScore > 0 && minScore < 1)) {
      throw new InvalidInputError('minScore', minScore, 'a number above 0 and below 1', 'MediaPipeFaceDetector.load');
    }
    return new MediaPipeFaceDetector(await openFaceDetectorNetwork({ threads }), minScore);
  }

  /** The faces of an area of an image, best first, each with the square that the face mesh wants. */
  async detect(image: RgbImage, area: ImageSquare = wholeImage(image)): Promise<MediaPipeDetection[]> {
    const size = DETECTOR_INPUT_SIZE;
    const { boxes, scores } = await this.#inputs.lend((target) => {
      sampleSquare(image, cornerAligned(area, size), size, { range: [-1, 1], maxStep: MAX_STEP, target });
      return this.#network.run(target);
    });
    const scale = area.side / size;
    return faceCandidates(boxes, scores, this.#minScore).map(({ box, points, score }) => {
      const [centerX, centerY] = squareToImage(area, (box.x + box.width / 2) / size, (box.y + box.height / 2) / size);
      const width = box.width * scale;
      const height = box.height * scale;
      const [rightEyeX, rightEyeY, leftEyeX, leftEyeY] = points as [number, number, number, number];
      return {
        box: { x: centerX - width / 2, y: centerY - height / 2, width, height },
        score,
        points: Array.from({ length: points.length / 2 }, (_, point) =>
          squareToImage(area, points[2 * point]! / size, points[2 * point + 1]! / size),
        ).flat(),
        square: {
          centerX,
          centerY,
          side: SQUARE_SIDE * Math.max(width, height),
          roll: area.roll + Math.atan2(leftEyeY - rightEyeY, leftEyeX - rightEyeX),
        },
      };
    });
  }

  release(): Promise<void> {
    return this.#network.release();
  }
}
