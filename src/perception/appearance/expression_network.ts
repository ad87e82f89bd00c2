import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InvalidInputError } from '../../errors.js';
import { faceApiWeights } from '../face_api/face_api.js';
import { openNetwork } from '../network_file.js';
import { expressionGraph, INPUT_SIZE } from './expression_graph.js';
import { readTfjsWeights } from './tfjs_weights.js';

/** What the network tells apart, in the order of its outputs, by the names that models of this package have for them. */
export const APPEARANCE_CLASSES: readonly string[] = [
  'Neutral',
  'Happy',
  'Sad',
  'Angry',
  'Fear',
  'Disgust',
  'Surprise',
];

const MANIFEST = 'face_expression_model-weights_manifest.json';

/** face-api.js's expression network on onnxruntime: pixels of faces in, probabilities out. */
export class ExpressionNetwork {
  /** Pixels: the edge of a face. */
  readonly inputSize = INPUT_SIZE;

  private constructor(private readonly session: ort.InferenceSession) {}

  /**
   * Converts the weights of the npm package face-api.js and opens them; nothing is written.
   *
   * @param threads that a run may take
   * @throws InvalidInputError naming the file, where the package is not whole
   */
  static async open(threads = 1): Promise<ExpressionNetwork> {
    const manifest = join(faceApiWeights(), MANIFEST);
    const graph = expressionGraph(readTfjsWeights(manifest), manifest);
    return new ExpressionNetwork(await openNetwork(graph, threads, manifest));
  }

  /**
   * @param faces (N, 112, 112, 3), RGB from 0 to 255
   * @param count N, at least 1
   * @returns (N, 7): the probabilities of APPEARANCE_CLASSES
   */
  async run(faces: Float32Array, count: number): Promise<Float32Array> {
    if (!(Number.isInteger(count) && count >= 1) || faces.length !== count * INPUT_SIZE ** 2 * 3) {
      const expected = `count times (${INPUT_SIZE}, ${INPUT_SIZE}, 3), count 1 or more`;
      throw new InvalidInputError('the input of a network', { count, length: faces.length }, expected, 'an argument');
    }
    const tensor = new ort.Tensor('float32', faces, [count, INPUT_SIZE, INPUT_SIZE, 3]);
    const { probabilities } = await this.session.run({ faces: tensor });
    return probabilities!.data as Float32Array;
  }

  /** Gives the memory back; no run may follow. */
  release(): Promise<void> {
    return this.session.release();
  }
}
