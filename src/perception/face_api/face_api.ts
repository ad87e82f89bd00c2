import { join } from 'node:path';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { loadOnce } from '../../load_once.js';
import type { RgbImage } from '../image/rgb_image.js';
import { type ImageSquare, sampleSquare } from '../image/sample_square.js';
import { packageFolder, requirePackage } from '../installed_package.js';

/** A tensor of TensorFlow.js, as far as it is used here. */
export interface Tensor {
  dispose(): void;
}

/** What face-api.js's tiny face detector gives for a face. */
export interface FaceApiDetection {
  readonly score: number;
  /** Pixels of the input. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

interface Network {
  loadFromDisk(folder: string): Promise<void>;
}

interface FaceApiModule {
  readonly nets: {
    readonly tinyFaceDetector: Network & {
      locateFaces(input: Tensor, options: { inputSize: number; scoreThreshold: number }): Promise<FaceApiDetection[]>;
    };
    readonly faceLandmark68Net: Network & {
      detectLandmarks(input: Tensor): Promise<{ readonly positions: readonly { x: number; y: number }[] }>;
    };
  };
}

interface TensorFlowModule {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor3d(values: Float32Array, shape: [number, number, number]): Tensor;
  memory(): { readonly numTensors: number };
}

interface WasmBackendModule {
  setWasmPaths(folder: string): void;
}

const WASM_BACKEND = '@tensorflow/tfjs-backend-wasm';
/** The fork's build for Node and wasm, which is only to be had by its path. */
const BUILD = 'face-api.js/dist/face-api.node-wasm.js';

/** face-api.js's networks with their weights, on TensorFlow.js's wasm backend; loaded once a thread. */
export interface FaceApi {
  readonly nets: FaceApiModule['nets'];
  /** A square of an image as an input of the networks, (size, size, 3), 0 to 255; the caller disposes it. */
  squareTensor(image: RgbImage, square: ImageSquare, size: number): Tensor;
  /** How many tensors are alive: constant from image to image. */
  tensorCount(): number;
}

/**
 * Loads face-api.js (the maintained fork under its alias) with the weights that its package holds.
 *
 * @throws InvalidInputError when a file of the packages is missing or the backend does not start
 */
export const loadFaceApi = loadOnce(load);

/**
 * The folder of the weights of all of face-api.js's networks, which its package holds.
 *
 * @throws InvalidInputError where the package is missing
 */
export function faceApiWeights(): string {
  return join(packageFolder('face-api.js'), 'model');
}

async function load(): Promise<FaceApi> {
  const tf = requirePackage('@tensorflow/tfjs') as TensorFlowModule;
  const wasm = requirePackage(WASM_BACKEND) as WasmBackendModule;
  wasm.setWasmPaths(`${join(packageFolder(WASM_BACKEND), 'dist')}/`);
  if (!(await tf.setBackend('wasm'))) {
    throw new InvalidInputError('the TensorFlow.js backend', 'wasm', 'a backend that starts', 'tfjs-backend-wasm');
  }
  await tf.ready();
  const faceApi = requirePackage(BUILD) as FaceApiModule;
  const weights = faceApiWeights();
  for (const network of [faceApi.nets.tinyFaceDetector, faceApi.nets.faceLandmark68Net]) {
    try {
      await network.loadFromDisk(weights);
    } catch (error) {
      const expected = `readable weights (${errorMessage(error)}); 'npm ci' brings them back`;
      throw new InvalidInputError("face-api.js's weights", weights, expected, weights, { cause: error });
    }
  }
  return {
    nets: faceApi.nets,
    squareTensor: (image, square, size) => tf.tensor3d(sampleSquare(image, square, size), [size, size, 3]),
    tensorCount: () => tf.memory().numTensors,
  };
}
