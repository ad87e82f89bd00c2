import { FaceFollower } from '../faces/face_follower.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, squareToImage } from '../image/sample_square.js';
import { LANDMARKS } from '../landmarks/dlib_landmarks.js';
import type { ExtractedFace, FaceDetection, LandmarkExtractor } from '../landmarks/landmark_extractor.js';
import type { Landmarks68 } from '../landmarks/landmarks68.js';
import { type FaceApi, loadFaceApi } from './face_api.js';
import { cropAround } from './landmark_crop.js';
import { TinyFaceDetector, type TinyFaceDetectorOptions } from './tiny_face_detector.js';

/** Pixels: the edge of the landmark network's input. */
const INPUT_SIZE = 112;

/**
 * face-api.js's tiny face detector and 68-point network. The network says nothing about whether a face is there: the detector
 * does.
 */
export class FaceApiExtractor implements LandmarkExtractor {
  readonly name = 'face_api';
  /** Scores of TinyFaceDetector.verify. */
  readonly scoreRules = { certain: 0.6, likely: 0.4, keep: 0.3 };
  readonly #faceApi: FaceApi;
  readonly #detector: TinyFaceDetector;
  readonly #follower: FaceFollower;

  private constructor(faceApi: FaceApi, detector: TinyFaceDetector) {
    this.#faceApi = faceApi;
    this.#detector = detector;
    this.#follower = new FaceFollower({
      looksTwice: true,
      landmarks: (image, square) => this.#landmarks(image, square),
      ownSquare: cropAround,
      verify: (image, _landmarks, crop) => detector.verify(image, crop),
    });
  }

  /**
   * @param detector its options
   * @throws InvalidInputError for unknown or invalid options, and when the weights cannot be read
   */
  static async load(detector: TinyFaceDetectorOptions = {}): Promise<FaceApiExtractor> {
    return new FaceApiExtractor(await loadFaceApi(), await TinyFaceDetector.load(detector));
  }

  detect(image: RgbImage, area?: ImageSquare): Promise<FaceDetection[]> {
    return this.#detector.detect(image, area);
  }

  extract(image: RgbImage, squares: readonly ImageSquare[]): Promise<ExtractedFace[]> {
    return this.#follower.extract(image, squares);
  }

  /** The score itself, for that is what the detector makes of the face on a closer look. */
  async confirm(_image: RgbImage, { score }: ExtractedFace): Promise<number> {
    return score;
  }

  /** Does nothing: face-api.js's networks are shared by the whole thread. */
  async release(): Promise<void> {}

  async #landmarks(image: RgbImage, square: ImageSquare): Promise<Landmarks68> {
    const input = this.#faceApi.squareTensor(image, square, INPUT_SIZE);
    try {
      const { positions } = await this.#faceApi.nets.faceLandmark68Net.detectLandmarks(input);
      const landmarks = new Float32Array(LANDMARKS * 2);
      positions.forEach(({ x, y }, point) => {
        landmarks.set(squareToImage(square, x / INPUT_SIZE, y / INPUT_SIZE), 2 * point);
      });
      return landmarks;
    } finally {
      input.dispose();
    }
  }
}
