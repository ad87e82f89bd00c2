import { type FaceApi, loadFaceApi } from '../face_api.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, squareToImage } from '../image/sample_square.js';
import { LANDMARKS } from './dlib_landmarks.js';
import type { LandmarkExtractor } from './landmark_extractor.js';
import type { Landmarks68 } from './landmarks68.js';

/** Pixels: the edge of the network's input. */
const INPUT_SIZE = 112;

/** face-api.js's 68-point network. */
export class FaceApiLandmarkExtractor implements LandmarkExtractor {
  readonly name = 'face_api';
  readonly #faceApi: FaceApi;

  private constructor(faceApi: FaceApi) {
    this.#faceApi = faceApi;
  }

  /** @throws InvalidInputError when the weights cannot be read */
  static async load(): Promise<FaceApiLandmarkExtractor> {
    return new FaceApiLandmarkExtractor(await loadFaceApi());
  }

  async extract(image: RgbImage, square: ImageSquare): Promise<Landmarks68> {
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
