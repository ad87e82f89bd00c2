import assert from 'node:assert/strict';
import * as ort from 'onnxruntime-node';
import { convertToOnnx } from '../../src/tflite/convert_to_onnx.js';
import type { TfliteModel } from '../../src/tflite/tflite_model.js';

/** A model whose tensors are called by their indices, which unlike their names are always different. */
export function withNumberedTensors(model: TfliteModel): TfliteModel {
  return { ...model, tensors: model.tensors.map((tensor, index) => ({ ...tensor, name: String(index) })) };
}

/** Converts a model and runs it with onnxruntime, on one array for each of its inputs. */
export async function runConverted(
  model: TfliteModel,
  outputs: readonly string[],
  inputs: readonly Float32Array[],
  batch = 1,
): Promise<Map<string, Float32Array>> {
  const session = await ort.InferenceSession.create(convertToOnnx(model, outputs), {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  try {
    const feeds = model.inputs.map((index, i) => {
      const { name, shape } = model.tensors[index]!;
      return [name, new ort.Tensor('float32', inputs[i]!, [batch, ...shape.slice(1)])] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    return new Map(outputs.map((name) => [name, Float32Array.from(results[name]!.data as Float32Array)]));
  } finally {
    await session.release();
  }
}

/**
 * Demands that values are others to within 1e-5 of the largest.
 *
 * @param leastScale where the largest is smaller, within 1e-5 of this
 */
export function assertClose(found: Float32Array, expected: Float32Array, what: string, leastScale = 1e-3): void {
  assert.equal(found.length, expected.length, what);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), leastScale);
  const wrong = expected.findIndex((value, i) => !(Math.abs(value - found[i]!) <= 1e-5 * scale));
  assert.equal(wrong, -1, `${what}: ${found[wrong]} in place of ${expected[wrong]}, at a scale of ${scale}`);
}
