import { InvalidInputError } from '../errors.js';
import type { GraphBuilder } from '../onnx/graph_builder.js';
import { floatsOfHalves } from './half_float.js';
import { elementCount, TensorType, type TfliteModel, type TfliteOperator } from './tflite_model.js';

/**
 * How a computed tensor lies in the ONNX graph: images (N, H, W, C) of TensorFlow Lite are (N, C, H, W) there, which is
 * what ONNX's convolutions take; all else is as written. The first axis is the batch: 1 in the file, any size in the graph.
 */
export type Layout = 'channels_first' | 'as_written';

/** A tensor that the ONNX graph computes. */
export interface Value {
  /** Its name in the ONNX graph. */
  readonly name: string;
  /** Its shape in the file: channels last, with a batch of 1. */
  readonly shape: readonly number[];
  readonly layout: Layout;
}

/** A tensor that the file holds. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The state of one conversion: what the ONNX graph holds so far of the file's tensors. */
export class Conversion {
  readonly #values = new Map<number, Value>();
  readonly #constants = new Map<number, Constant>();

  constructor(
    readonly model: TfliteModel,
    readonly graph: GraphBuilder,
  ) {}

  /** Whether an operator's input is held by the file. */
  isConstant(operator: TfliteOperator, input: number): boolean {
    const index = this.#inputIndex(operator, input);
    return this.#constants.has(index) || this.model.tensors[index]!.data.length > 0;
  }

  hasInput(operator: TfliteOperator, input: number): boolean {
    return (operator.inputs[input] ?? -1) !== -1;
  }

  /** An operator's input that is computed. */
  value(operator: TfliteOperator, input: number, layout?: Layout): Value {
    const value = this.#values.get(this.#inputIndex(operator, input));
    if (value === undefined) this.refuse(operator, `input ${input}`, 'a constant', 'a computed tensor');
    return layout === undefined || value.layout === layout ? value : this.#inLayout(operator, value, layout);
  }

  /** An operator's input that the file holds as floats or halves. */
  constant(operator: TfliteOperator, input: number): Constant {
    const index = this.#inputIndex(operator, input);
    const known = this.#constants.get(index);
    if (known !== undefined) return known;
    const { shape, type, data } = this.model.tensors[index]!;
    if (data.length === 0) this.refuse(operator, `input ${input}`, 'computed', 'a constant');
    if (type === TensorType.float16) return { shape, values: floatsOfHalves(data) };
    if (type !== TensorType.float32) this.refuse(operator, `the type of input ${input}`, type, 'float16 or float32');
    // Copied: the file's bytes need not be aligned.
    return { shape, values: new Float32Array(new Uint8Array(data).buffer) };
  }

  /** An operator's input that the file holds as whole numbers. */
  integers(operator: TfliteOperator, input: number): number[] {
    const { type, data } = this.model.tensors[this.#inputIndex(operator, input)]!;
    if (type !== TensorType.int32 || data.length === 0) {
      this.refuse(operator, `input ${input}`, `of the type ${type}, ${data.length} bytes`, 'a constant of int32');
    }
    return [...new Int32Array(new Uint8Array(data).buffer)];
  }

  /** Says what an operator's first output is; its shape has to be what the file declares. */
  define(operator: TfliteOperator, value: Value): void {
    this.#values.set(this.#outputIndex(operator, value.shape), value);
  }

  defineConstant(operator: TfliteOperator, constant: Constant): void {
    this.#constants.set(this.#outputIndex(operator, constant.shape), constant);
  }

  /** Says what an input of the whole graph is. */
  defineInput(index: number, value: Value): void {
    this.#values.set(index, value);
  }

  /** What a tensor of the file is in the graph, in the file's own order of axes. */
  result(index: number): Value {
    const value = this.#values.get(index);
    const { name } = this.model.tensors[index]!;
    if (value === undefined)
      throw new InvalidInputError(`the result ${name}`, 'a constant', 'a computed tensor', this.model.origin);
    return value.layout === 'as_written' ? value : this.#asWritten(value);
  }

  /** @throws InvalidInputError naming the operation, its place, the thing and the file */
  refuse(operator: TfliteOperator, thing: string, value: unknown, expected: string): never {
    throw new InvalidInputError(
      `${thing} of ${operator.name} (version ${operator.version}) at position ${operator.position}`,
      value,
      expected,
      this.model.origin,
    );
  }

  #inLayout(operator: TfliteOperator, value: Value, layout: Layout): Value {
    if (layout === 'as_written') return this.#asWritten(value);
    if (value.shape.length !== 4) this.refuse(operator, 'the shape of an input', value.shape, '(N, H, W, C)');
    const name = this.graph.node('Transpose', [value.name], { perm: [0, 3, 1, 2] });
    return { ...value, name, layout };
  }

  #asWritten(value: Value): Value {
    const [, height, width, channels] = value.shape as [number, number, number, number];
    // A single pixel is the same in either order.
    const name =
      height === 1 && width === 1
        ? this.graph.node('Reshape', [value.name, this.graph.intConstant([-1, 1, 1, channels])])
        : this.graph.node('Transpose', [value.name], { perm: [0, 2, 3, 1] });
    return { ...value, name, layout: 'as_written' };
  }

  #inputIndex(operator: TfliteOperator, input: number): number {
    const index = operator.inputs[input] ?? -1;
    if (index === -1) this.refuse(operator, `input ${input}`, undefined, 'a tensor');
    return index;
  }

  #outputIndex(operator: TfliteOperator, shape: readonly number[]): number {
    const [index, ...others] = operator.outputs;
    if (index === undefined || others.length > 0) this.refuse(operator, 'the outputs', operator.outputs, 'one');
    const declared = this.model.tensors[index]!.shape;
    if (declared.join() !== shape.join()) this.refuse(operator, 'the output shape', declared, `(${shape.join(', ')})`);
    if (elementCount(shape) < 1) this.refuse(operator, 'the output shape', shape, 'sizes of 1 or more');
    return index;
  }
}
