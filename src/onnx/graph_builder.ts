import { AttributeType, ElementType, type ElementTypeName, ModelProto } from './onnx_schema.js';

/** The operator set that every graph here is written in; BitwiseXor and the axes input of ReduceMean need 18. */
const OPSET = 18;
const IR_VERSION = 8;

/** A dimension's size, or the name of one that is known when the graph runs. */
export type Dimension = number | string;

/** Attribute values: whole numbers become INT(S); write `float(0.5)` for FLOAT. */
export type Attribute = number | readonly number[] | string | FloatAttribute;
export interface FloatAttribute {
  readonly float: number;
}

/** Marks an attribute as ONNX's FLOAT. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

interface ValueInfo {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

/**
 * Writes an ONNX graph node by node; values are referred to by their names.
 *
 * Constants with equal contents are stored once. Nothing is checked here: ONNX's own shape inference does that when a
 * runtime loads the bytes.
 */
export class GraphBuilder {
  private readonly nodes: object[] = [];
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly initializers: object[] = [];
  private readonly constantNames = new Map<string, string>();
  private nextName = 0;
  private usesContribOperators = false;

  constructor(private readonly name: string) {}

  input(name: string, type: ElementTypeName, dims: readonly Dimension[]): string {
    this.inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /**
   * An input that may be left out: it is then `values` of the shape `dims`, which the declared shape has to admit.
   * (An initializer of an input's name is its default from IR version 4 on.)
   */
  optionalInput(
    name: string,
    type: ElementTypeName,
    declared: readonly Dimension[],
    values: ArrayBufferView,
    dims: readonly number[],
  ): string {
    this.initializers.push({ name, dataType: ElementType[type], dims, rawData: bytesOf(values) });
    return this.input(name, type, declared);
  }

  /** Declares `value` a result of the graph, under the public name `name`. */
  output(value: string, name: string, type: ElementTypeName, dims: readonly Dimension[]): void {
    this.nodes.push(nodeProto('Identity', [value], [name], {}, ''));
    this.outputs.push(valueInfo(name, type, dims));
  }

  /** A float32 tensor stored in the model, under a name of its own. */
  initializer(name: string, values: Float32Array, dims: readonly number[]): string {
    this.initializers.push({ name, dataType: ElementType.float32, dims, rawData: bytesOf(values) });
    return name;
  }

  /** A float32 constant: a scalar where `dims` is left out. */
  floatConstant(values: number | readonly number[], dims?: readonly number[]): string {
    return this.constant('float32', Float32Array.from([values].flat()), dims ?? [], values);
  }

  /** An int64 constant: a scalar for a number, a vector for an array. */
  intConstant(values: number | readonly number[]): string {
    const list = [values].flat();
    return this.constant(
      'int64',
      BigInt64Array.from(list.map(BigInt)),
      Array.isArray(values) ? [list.length] : [],
      values,
    );
  }

  /** A uint64 constant: a scalar for one value, a vector for an array. */
  uint64Constant(values: bigint | readonly bigint[]): string {
    const list = typeof values === 'bigint' ? [values] : [...values];
    return this.constant(
      'uint64',
      BigUint64Array.from(list),
      typeof values === 'bigint' ? [] : [list.length],
      list.join(),
    );
  }

  /** Adds a node with one result and returns the result's name. */
  node(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}, domain = ''): string {
    return this.nodeWithResults(operator, inputs, 1, attributes, domain)[0]!;
  }

  /** Adds a node with several results and returns their names. */
  nodeWithResults(
    operator: string,
    inputs: readonly string[],
    resultCount: number,
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): string[] {
    const results = Array.from({ length: resultCount }, () => this.freshName(operator));
    if (domain === 'com.microsoft') this.usesContribOperators = true;
    this.nodes.push(nodeProto(operator, inputs, results, attributes, domain));
    return results;
  }

  /** The finished model as the bytes of an .onnx file, with string metadata for whoever opens it. */
  toBytes(metadata: Record<string, string> = {}): Uint8Array {
    const opsetImport = [{ domain: '', version: OPSET }];
    if (this.usesContribOperators) opsetImport.push({ domain: 'com.microsoft', version: 1 });
    const model = ModelProto.create({
      irVersion: IR_VERSION,
      producerName: 'facial_expression_recognition',
      opsetImport,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: this.name,
        node: this.nodes,
        input: this.inputs,
        output: this.outputs,
        initializer: this.initializers,
      },
    });
    return ModelProto.encode(model).finish();
  }

  private constant(type: ElementTypeName, data: ArrayBufferView, dims: readonly number[], key: unknown): string {
    const identity = `${type}[${dims.join()}]=${String(key)}`;
    const known = this.constantNames.get(identity);
    if (known !== undefined) return known;
    const name = this.freshName('constant');
    this.initializers.push({ name, dataType: ElementType[type], dims, rawData: bytesOf(data) });
    this.constantNames.set(identity, name);
    return name;
  }

  /** A name that no value of this graph has. */
  freshName(stem: string): string {
    return `${stem}_${this.nextName++}`;
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function valueInfo(name: string, type: ElementTypeName, dims: readonly Dimension[]): ValueInfo {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: ElementType[type], shape: { dim } } } };
}

function nodeProto(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Record<string, Attribute>,
  domain: string,
): object {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
  return { opType, input, output, attribute, domain, name: output[0] };
}

function attributeProto(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: AttributeType.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: AttributeType.string };
  if ('float' in value) return { name, f: value.float, type: AttributeType.float };
  return { name, ints: value, type: AttributeType.ints };
}
