import { createRequire } from 'node:module';
import { faceApiWeights, loadFaceApi, type Tensor } from '../src/perception/face_api/face_api.js';
import type { RgbImage } from '../src/perception/image/rgb_image.js';
import { type Landmarks68, landmarkBox } from '../src/perception/landmarks/landmarks68.js';

/** By face-api.js's names of the expressions: probabilities. */
export type FaceApiExpressions = Readonly<Record<string, number>>;

/** Which of face-api.js's detectors looks for the face. */
export type FaceApiDetector = 'ssd' | 'tiny';

interface Network {
  loadFromDisk(folder: string): Promise<void>;
}

interface DetectedFace {
  withFaceLandmarks(): {
    withFaceExpressions(): PromiseLike<{ readonly expressions: FaceApiExpressions } | undefined>;
  };
}

type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** What is used here of face-api.js beside what src/perception loads. */
interface FaceApiModule {
  readonly nets: { readonly ssdMobilenetv1: Network; readonly faceExpressionNet: Network };
  readonly SsdMobilenetv1Options: new () => object;
  readonly TinyFaceDetectorOptions: new () => object;
  readonly Rect: new (x: number, y: number, width: number, height: number) => Rect;
  detectSingleFace(input: Tensor, options: object): DetectedFace;
  /** One for each box that is not outside of the image. */
  extractFaceTensors(input: Tensor, boxes: readonly Rect[]): Promise<Tensor[]>;
  recognizeFaceExpressions(input: Tensor): Promise<FaceApiExpressions>;
}

interface TensorFlowModule {
  tensor3d(values: Uint8Array, shape: [number, number, number], type: 'int32'): Tensor;
}

/** What face-api.js's own alignment adds to the box of the landmarks, over its width and height. */
const PADDING = 0.2;

/** face-api.js's expression network, run as its users do, with its default options. */
export class FaceApiExpressionNetwork {
  readonly #faceApi: FaceApiModule;
  readonly #tf: TensorFlowModule;

  private constructor(faceApi: FaceApiModule, tf: TensorFlowModule) {
    this.#faceApi = faceApi;
    this.#tf = tf;
  }

  /** Loads the networks that its package holds, on the wasm backend. */
  static async load(): Promise<FaceApiExpressionNetwork> {
    // Starts the backend, and loads the tiny detector and the landmark network.
    await loadFaceApi();
    const require = createRequire(import.meta.url);
    const faceApi: FaceApiModule = require('face-api.js/dist/face-api.node-wasm.js');
    const weights = faceApiWeights();
    await faceApi.nets.ssdMobilenetv1.loadFromDisk(weights);
    await faceApi.nets.faceExpressionNet.loadFromDisk(weights);
    return new FaceApiExpressionNetwork(faceApi, require('@tensorflow/tfjs'));
  }

  /**
   * What detectSingleFace(image).withFaceLandmarks().withFaceExpressions() gives: the surest face of the image.
   *
   * @returns null where it finds no face
   */
  async detect(image: RgbImage, detector: FaceApiDetector): Promise<FaceApiExpressions | null> {
    const { SsdMobilenetv1Options, TinyFaceDetectorOptions } = this.#faceApi;
    const options = detector === 'ssd' ? new SsdMobilenetv1Options() : new TinyFaceDetectorOptions();
    return this.#withTensor(image, async (input) => {
      const face = await this.#faceApi.detectSingleFace(input, options).withFaceLandmarks().withFaceExpressions();
      return face?.expressions ?? null;
    });
  }

  /**
   * The expressions of a face whose landmarks are known, cut out as face-api.js cuts out a face by its own landmarks.
   *
   * @returns null where the face is outside of the image
   */
  async recognize(image: RgbImage, landmarks: Landmarks68): Promise<FaceApiExpressions | null> {
    const { x, y, width, height } = landmarkBox(landmarks);
    const [padX, padY] = [PADDING * width, PADDING * height];
    const box = new this.#faceApi.Rect(x - padX / 2, y - padY / 2, width + padX, height + padY);
    return this.#withTensor(image, async (input) => {
      const [face] = await this.#faceApi.extractFaceTensors(input, [box]);
      if (face === undefined) return null;
      try {
        return await this.#faceApi.recognizeFaceExpressions(face);
      } finally {
        face.dispose();
      }
    });
  }

  async #withTensor<Result>(image: RgbImage, use: (input: Tensor) => Promise<Result>): Promise<Result> {
    const input = this.#tf.tensor3d(image.data, [image.height, image.width, 3], 'int32');
    try {
      return await use(input);
    } finally {
      input.dispose();
    }
  }
}
