import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPythonModule, runPyTorch } from './pytorch.js';

export const NO_LITERT = 'needs LiteRT (TensorFlow Lite): npm run setup:pytorch';

/** Whether the Python of `npm run setup:pytorch` has LiteRT. */
export function hasLiteRt(): boolean {
  return hasPythonModule('ai_edge_litert');
}

/** A tensor that LiteRT computed. */
export interface LiteRtTensor {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Runs a TensorFlow Lite model on one input with LiteRT, Google's own runtime for such.
 *
 * @param folder for the files that pass between
 * @param which 'results', or 'all' for every float32 tensor that is computed on the way
 */
export function runLiteRt(
  folder: string,
  model: Uint8Array,
  input: Float32Array,
  which: 'results' | 'all',
): LiteRtTensor[] {
  const paths = ['model.tflite', 'input.bin', 'output.bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(paths[0], model);
  writeFileSync(paths[1], new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
  const tensors = runPyTorch<Omit<LiteRtTensor, 'values'>[]>('support/litert_tensors.py', [...paths, which]);
  const bytes = new Uint8Array(readFileSync(paths[2])).buffer;
  let at = 0;
  return tensors.map((tensor) => {
    const count = tensor.shape.reduce((product, size) => product * size, 1);
    const values = new Float32Array(bytes, 4 * at, count);
    at += count;
    return { ...tensor, values };
  });
}
