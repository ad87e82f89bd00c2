import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import { convertToOnnx } from '../../tflite/convert_to_onnx.js';
import { readTfliteModel } from '../../tflite/tflite_model.js';
import { openNetwork } from '../network_file.js';
import { type ModelFile, readModelFile } from './model_files.js';

/**
 * How many threads a run may take. The networks are small: one thread is as fast as two where anything else runs beside
 * them.
 */
export const threadsSchema = z.int().min(1).max(64).default(1);

/** One of MediaPipe's networks on onnxruntime. */
export class TfliteNetwork<Output extends string> {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly input: string,
    private readonly outputs: Readonly<Record<Output, string>>,
    /** Height, width and channels of the input. */
    private readonly inputShape: readonly number[],
  ) {}

  /**
   * Converts a model and opens it; nothing is written.
   *
   * @param inputShape (H, W, C) that the model's input is expected to have
   * @param outputs the results of interest: what they are to be called, and their names in the model
   * @param threads of one run
   * @throws InvalidInputError naming the file, where it cannot be read or converted
   */
  static async open<Output extends string>(
    file: ModelFile,
    inputShape: readonly number[],
    outputs: Readonly<Record<Output, string>>,
    threads: number,
  ): Promise<TfliteNetwork<Output>> {
    const { bytes, origin } = readModelFile(file);
    const model = readTfliteModel(bytes, origin);
    const inputs = model.inputs.map((index) => model.tensors[index]!);
    const [input] = inputs;
    if (input === undefined || inputs.length > 1 || input.shape.join() !== [1, ...inputShape].join()) {
      const shapes = inputs.map(({ shape }) => shape);
      throw new InvalidInputError('the inputs', shapes, `one of (1, ${inputShape.join(', ')})`, origin);
    }
    const onnx = convertToOnnx(model, Object.values<string>(outputs));
    return new TfliteNetwork(await openNetwork(onnx, threads, origin), input.name, outputs, inputShape);
  }

  /**
   * @param input (count, H, W, C)
   * @returns the results, each of its shape in the model with `count` for the batch
   */
  async run(input: Float32Array, count: number): Promise<Record<Output, Float32Array>> {
    const size = count * this.inputShape.reduce((product, length) => product * length, 1);
    if (!(Number.isInteger(count) && count >= 1) || input.length !== size) {
      const expected = `count times (${this.inputShape.join(', ')}), count 1 or more`;
      throw new InvalidInputError('the input of a network', { count, length: input.length }, expected, 'an argument');
    }
    const tensor = new ort.Tensor('float32', input, [count, ...this.inputShape]);
    const results = await this.session.run({ [this.input]: tensor });
    const named = Object.entries<string>(this.outputs).map(([key, name]) => [key, results[name]!.data as Float32Array]);
    return Object.fromEntries(named) as Record<Output, Float32Array>;
  }

  /** Gives the memory back; no run may follow. */
  release(): Promise<void> {
    return this.session.release();
  }
}
