import { InvalidInputError } from '../errors.js';
import { FlatTable } from './flat_table.js';

/** TensorType, the element types in use. */
export const TensorType = { float32: 0, float16: 1, int32: 2 } as const;

/** BuiltinOperator, the operations in use (numbers from TensorFlow Lite's schema, version 3). */
export const OPERATORS: Readonly<Record<number, string>> = {
  0: 'ADD',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  22: 'RESHAPE',
  32: 'CUSTOM',
  34: 'PAD',
  45: 'STRIDED_SLICE',
  54: 'PRELU',
};

export interface TfliteTensor {
  readonly name: string;
  /** Channels last: (N, H, W, C) for an image. */
  readonly shape: readonly number[];
  /** One of TensorType, or a type that is not in use here. */
  readonly type: number;
  /** Little-endian values of a constant; empty for what is computed. */
  readonly data: Uint8Array;
}

export interface TfliteOperator {
  /** Its place in the graph, for errors. */
  readonly position: number;
  /** The name from OPERATORS, the number for any other; a custom operation's own name. */
  readonly name: string;
  readonly version: number;
  /** Indices of tensors; -1 for an input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Options of a built-in operation. */
  readonly options: FlatTable | null;
  /** Options of a custom operation (a FlexBuffer). */
  readonly customOptions: Uint8Array;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The file, for errors. */
  readonly origin: string;
}

const SCHEMA_VERSION = 3;
const MOST_DIMENSIONS = 6;
const MOST_TENSORS_OF_AN_OPERATOR = 64;
const MOST_ELEMENTS = 2 ** 26;

/**
 * Reads the first graph of a TensorFlow Lite file (FlatBuffers, schema version 3); constants stay where they lie in `bytes`.
 *
 * Operators stand in the order in which they run, and each finds its inputs made: what is returned is a graph without
 * circles, whose indices are all valid.
 *
 * @param origin the file, for errors
 * @throws InvalidInputError naming the file, where it is none or is damaged
 */
export function readTfliteModel(bytes: Uint8Array, origin: string): TfliteModel {
  const model = FlatTable.root(bytes, 'TFL3', origin);
  const version = model.uint32(0);
  if (version !== SCHEMA_VERSION) {
    throw new InvalidInputError('the schema version', version, String(SCHEMA_VERSION), origin);
  }
  const codes = model.tables(1).map(operatorCode);
  const graph = entry(model.tables(2), 0, 'the graph', origin);
  const buffers = model.tables(4);
  const tensors = graph.tables(0).map((table) => readTensor(table, buffers));
  const operators = graph.tables(3).map((table, position) => readOperator(table, position, codes));
  const result = { tensors, operators, inputs: graph.ints(1), outputs: graph.ints(2), origin };
  checkOrder(result);
  return result;
}

function operatorCode(table: FlatTable): { name: string; version: number } {
  // The older field has one byte and holds 127 for what does not fit.
  const code = Math.max(table.int8(0), table.int32(3));
  const name = OPERATORS[code] ?? `operation ${code}`;
  return { name: name === 'CUSTOM' ? table.text(1) : name, version: table.int32(2, 1) };
}

function readTensor(table: FlatTable, buffers: readonly FlatTable[]): TfliteTensor {
  const name = table.text(3);
  const shape = table.ints(0);
  const count = elementCount(shape);
  if (shape.length > MOST_DIMENSIONS || shape.some((size) => size < 1) || count > MOST_ELEMENTS) {
    throw new InvalidInputError(`the shape of the tensor ${name}`, shape, 'up to 6 sizes of 1 or more', table.origin);
  }
  const type = table.int8(1);
  const data = entry(buffers, table.uint32(2), `the buffer of the tensor ${name}`, table.origin).bytes(0);
  const elementSize = { [TensorType.float32]: 4, [TensorType.float16]: 2, [TensorType.int32]: 4 }[type];
  if (data.length > 0 && elementSize !== undefined && data.length !== count * elementSize) {
    const expected = `${count * elementSize} for its shape (${shape.join(', ')})`;
    throw new InvalidInputError(`the bytes of the tensor ${name}`, data.length, expected, table.origin);
  }
  return { name, shape, type, data };
}

function readOperator(
  table: FlatTable,
  position: number,
  codes: readonly { name: string; version: number }[],
): TfliteOperator {
  const code = entry(codes, table.uint32(0), `the operation at position ${position}`, table.origin);
  const inputs = table.ints(1);
  const outputs = table.ints(2);
  for (const tensors of [inputs, outputs]) {
    if (tensors.length > MOST_TENSORS_OF_AN_OPERATOR) {
      const thing = `the tensors of ${code.name} at position ${position}`;
      throw new InvalidInputError(thing, tensors.length, `up to ${MOST_TENSORS_OF_AN_OPERATOR}`, table.origin);
    }
  }
  return { position, ...code, inputs, outputs, options: table.table(4), customOptions: table.bytes(5) };
}

/** Every index is one of a tensor, and every tensor that is read was given or made before. */
function checkOrder({ tensors, operators, inputs, outputs, origin }: TfliteModel): void {
  const made = new Set(inputs);
  tensors.forEach(({ data }, index) => {
    if (data.length > 0) made.add(index);
  });
  const check = (indices: readonly number[], reader: string) => {
    const missing = indices.find((index) => !(made.has(index) && index < tensors.length));
    if (missing !== undefined) {
      throw new InvalidInputError(`an input of ${reader}`, missing, 'the index of a tensor made before', origin);
    }
  };
  for (const { name, position, inputs: read, outputs: written } of operators) {
    check(
      read.filter((index) => index !== -1),
      `${name} at position ${position}`,
    );
    for (const index of written) {
      if (!(index >= 0 && index < tensors.length) || made.has(index)) {
        const thing = `an output of ${name} at position ${position}`;
        throw new InvalidInputError(thing, index, 'the index of a tensor that nothing else makes', origin);
      }
      made.add(index);
    }
  }
  check(outputs, 'the results');
  check(inputs, 'the graph');
}

function entry<T>(list: readonly T[], index: number, thing: string, origin: string): T {
  const found = list[index];
  if (found === undefined) throw new InvalidInputError(thing, index, `less than ${list.length}`, origin);
  return found;
}

/** The number of values of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
