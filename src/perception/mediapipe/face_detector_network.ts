import { z } from 'zod';
import { parseOptions } from '../../options.js';
import { TfliteNetwork, threadsSchema } from './tflite_network.js';

/** Pixels: the edge of the detector's input. */
export const DETECTOR_INPUT_SIZE = 128;
/** The places at which the detector looks for a face. */
export const DETECTOR_ANCHORS = 896;
/** Numbers for each place: the box's centre, width and height, then x and y of six points. */
export const DETECTOR_BOX_VALUES = 16;

/** MediaPipe's short-range face detector, without what comes before (letterbox) and after it (anchors, suppression). */
export interface FaceDetectorNetwork {
  /**
   * @param input (128, 128, 3), RGB from -1 to 1
   * @returns boxes (896, 16) in pixels of the input, relative to the anchors; scores (896), logits
   */
  run(input: Float32Array): Promise<{ readonly boxes: Float32Array; readonly scores: Float32Array }>;
  release(): Promise<void>;
}

/** The options of openFaceDetectorNetwork. */
export const faceDetectorNetworkSchema = z.strictObject({ threads: threadsSchema });

/**
 * Opens the detector of the npm package @mediapipe/face_mesh (face_detection_short_range.tflite).
 *
 * @throws InvalidInputError for unknown or invalid options, and naming the file, where the package is not whole
 */
export async function openFaceDetectorNetwork(
  options: z.input<typeof faceDetectorNetworkSchema> = {},
): Promise<FaceDetectorNetwork> {
  const { threads } = parseOptions(faceDetectorNetworkSchema, options, 'the options of openFaceDetectorNetwork');
  const side = DETECTOR_INPUT_SIZE;
  const outputs = { boxes: 'regressors', scores: 'classificators' };
  const network = await TfliteNetwork.open('face_detection_short_range', [side, side, 3], outputs, threads);
  return { run: (input) => network.run(input, 1), release: () => network.release() };
}
