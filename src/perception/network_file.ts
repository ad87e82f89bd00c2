import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { errorMessage, InvalidInputError } from '../errors.js';

/**
 * Reads a file of a network that an npm package holds.
 *
 * @param thing what it is, for the error
 * @throws InvalidInputError naming the file that cannot be read
 */
export function readNetworkFile(thing: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const expected = `a readable file (${errorMessage(error)}); 'npm ci' brings it back`;
    throw new InvalidInputError(thing, path, expected, path, { cause: error });
  }
}

/**
 * Opens a network that was converted from such a file.
 *
 * @param graph the bytes of an .onnx file
 * @param threads of a run
 * @param origin where it came from, for the error
 * @throws InvalidInputError where onnxruntime does not take it
 */
export async function openNetwork(graph: Uint8Array, threads: number, origin: string): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, {
      intraOpNumThreads: threads,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new InvalidInputError('the model', errorMessage(error), 'a graph that onnxruntime accepts', origin);
  }
}
