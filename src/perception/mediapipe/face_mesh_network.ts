import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { refinedPoints } from './landmark_refinement.js';
import { TfliteNetwork, threadsSchema } from './tflite_network.js';

/** Pixels: the edge of the face mesh's input. */
export const MESH_INPUT_SIZE = 192;
/** The points of the face mesh. */
export const MESH_POINTS = 468;

/** MediaPipe's face mesh: the points of faces in squares that were cut out around them. */
export interface FaceMeshNetwork {
  /** Pixels: the edge of a square. */
  readonly inputSize: number;
  /**
   * @param input (N, 192, 192, 3), RGB from 0 to 1
   * @param count N, at least 1
   * @returns points (N, 468, 3): x and y in pixels of the square, z in the same unit, smaller is nearer; flags (N): the
   *   probability that a square holds a face
   */
  run(input: Float32Array, count: number): Promise<{ readonly points: Float32Array; readonly flags: Float32Array }>;
  release(): Promise<void>;
}

/** The options of openFaceMeshNetwork. */
export const faceMeshNetworkSchema = z.strictObject({
  /** The model that looks at the eyes and lips once more (face_landmark_with_attention.tflite). */
  attention: z.boolean(),
  threads: threadsSchema,
});

/**
 * Opens the face mesh of the npm package @mediapipe/face_mesh.
 *
 * @throws InvalidInputError for unknown or invalid options, and naming the file, where the package is not whole
 */
export async function openFaceMeshNetwork(options: z.input<typeof faceMeshNetworkSchema>): Promise<FaceMeshNetwork> {
  const { attention, threads } = parseOptions(faceMeshNetworkSchema, options, 'the options of openFaceMeshNetwork');
  const { run, release } = attention ? await openAttentionMesh(threads) : await openPlainMesh(threads);
  return {
    inputSize: MESH_INPUT_SIZE,
    run: async (input, count) => {
      const { points, flags } = await run(input, count);
      return { points, flags: flags.map(sigmoid) };
    },
    release,
  };
}

/** A network whose flags are logits. */
type LogitNetwork = Omit<FaceMeshNetwork, 'inputSize'>;

const INPUT_SHAPE = [MESH_INPUT_SIZE, MESH_INPUT_SIZE, 3];

async function openPlainMesh(threads: number): Promise<LogitNetwork> {
  const outputs = { points: 'conv2d_21', flags: 'conv2d_31' };
  const network = await TfliteNetwork.open('face_landmark', INPUT_SHAPE, outputs, threads);
  return { run: (input, count) => network.run(input, count), release: () => network.release() };
}

async function openAttentionMesh(threads: number): Promise<LogitNetwork> {
  const outputs = {
    points: 'output_mesh_identity',
    lips: 'output_lips',
    leftEye: 'output_left_eye',
    rightEye: 'output_right_eye',
    flags: 'conv_faceflag',
  };
  const network = await TfliteNetwork.open('face_landmark_with_attention', INPUT_SHAPE, outputs, threads);
  return {
    run: async (input, count) => {
      const landmarks = await network.run(input, count);
      return { points: refinedPoints(landmarks, count), flags: landmarks.flags };
    },
    release: () => network.release(),
  };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
