import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InvalidInputError } from '../../errors.js';
import { faceApiWeights } from '../face_api/face_api.js';
import { openNetwork } from '../network_file.js';
import { expressionGraph, FEATURES, INPUT_SIZE } from './expression_graph.js';
import { readTfjsWeights } from './tfjs_weights.js';

/** What the network says of faces. */
export interface ExpressionAnswers {
  /** (N, 256): what its last layer goes by. */
  readonly features: Float32Array;
  /** (N, 7): of the classes of `lastLayer`. */
  readonly probabilities: Float32Array;
}

/** What the network tells apart, in the order of its outputs, by the names that models of this package have for them. */
export const NETWORK_CLASSES: readonly string[] = ['Neutral', 'Happy', 'Sad', 'Angry', 'Fear', 'Disgust', 'Surprise'];

/** What a linear layer makes of features: logits of classes. */
export interface LinearLayer {
  readonly classes: readonly string[];
  /** (K, 256) */
  readonly weights: readonly (readonly number[])[];
  /** (K) */
  readonly bias: readonly number[];
}

const MANIFEST = 'face_expression_model-weights_manifest.json';

/** face-api.js's expression network on onnxruntime: pixels of faces in, features and probabilities out. */
export class ExpressionNetwork {
  /** Pixels: the edge of a face. */
  readonly inputSize = INPUT_SIZE;
  /** Values that it says of a face beside its probabilities. */
  readonly featureCount = FEATURES;

  private constructor(
    private readonly session: ort.InferenceSession,
    /** The network's own last layer, whose softmax are its probabilities. */
    readonly lastLayer: LinearLayer,
  ) {}

  /**
   * Converts the weights of the npm package face-api.js and opens them; nothing is written.
   *
   * @param threads that a run may take
   * @throws InvalidInputError naming the file, where the package is not whole
   */
  static async open(threads = 1): Promise<ExpressionNetwork> {
    const manifest = join(faceApiWeights(), MANIFEST);
    const weights = readTfjsWeights(manifest);
    const graph = expressionGraph(weights, manifest);
    const [layer, bias] = ['fc/weights', 'fc/bias'].map((name) => weights.get(name)!.values);
    const lastLayer = {
      classes: NETWORK_CLASSES,
      weights: NETWORK_CLASSES.map((_, k) =>
        Array.from({ length: FEATURES }, (_row, i) => layer![i * NETWORK_CLASSES.length + k]!),
      ),
      bias: [...bias!],
    };
    return new ExpressionNetwork(await openNetwork(graph, threads, manifest), lastLayer);
  }

  /**
   * @param faces (N, 112, 112, 3), RGB from 0 to 255
   * @param count N, at least 1
   */
  async run(faces: Float32Array, count: number): Promise<ExpressionAnswers> {
    if (!(Number.isInteger(count) && count >= 1) || faces.length !== count * INPUT_SIZE ** 2 * 3) {
      const expected = `count times (${INPUT_SIZE}, ${INPUT_SIZE}, 3), count 1 or more`;
      throw new InvalidInputError('the input of a network', { count, length: faces.length }, expected, 'an argument');
    }
    const tensor = new ort.Tensor('float32', faces, [count, INPUT_SIZE, INPUT_SIZE, 3]);
    const { features, probabilities } = await this.session.run({ faces: tensor });
    return { features: features!.data as Float32Array, probabilities: probabilities!.data as Float32Array };
  }

  /** Gives the memory back; no run may follow. */
  release(): Promise<void> {
    return this.session.release();
  }
}
