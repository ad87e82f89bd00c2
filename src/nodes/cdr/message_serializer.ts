import { CdrWriter, EncapsulationKind } from '@foxglove/cdr';
import rclnodejs from 'rclnodejs';

/** What rclnodejs knows of a message's type, of which its types tell nothing. */
interface MessageDefinition {
  readonly fields: readonly {
    readonly name: string;
    readonly type: {
      /** Null for a primitive. */
      readonly pkgName: string | null;
      readonly type: string;
      readonly isArray: boolean;
      /** Of an array that always has as many. */
      readonly arraySize: number | null;
      readonly isFixedSizeArray: boolean;
    };
    readonly default_value: unknown;
  }[];
}

/** Bytes that there is room for at first. */
const ROOM = 1024;

type Write = (writer: CdrWriter, value: unknown) => unknown;

/** By ROS's names. */
const PRIMITIVES: Readonly<Record<string, { readonly zero: unknown; readonly write: Write }>> = {
  bool: { zero: false, write: (writer, value) => writer.uint8(value ? 1 : 0) },
  byte: { zero: 0, write: (writer, value) => writer.uint8(value as number) },
  char: { zero: 0, write: (writer, value) => writer.uint8(value as number) },
  uint8: { zero: 0, write: (writer, value) => writer.uint8(value as number) },
  int8: { zero: 0, write: (writer, value) => writer.int8(value as number) },
  uint16: { zero: 0, write: (writer, value) => writer.uint16(value as number) },
  int16: { zero: 0, write: (writer, value) => writer.int16(value as number) },
  uint32: { zero: 0, write: (writer, value) => writer.uint32(value as number) },
  int32: { zero: 0, write: (writer, value) => writer.int32(value as number) },
  uint64: { zero: 0, write: (writer, value) => writer.uint64(BigInt(value as number | bigint)) },
  int64: { zero: 0, write: (writer, value) => writer.int64(BigInt(value as number | bigint)) },
  float32: { zero: 0, write: (writer, value) => writer.float32(value as number) },
  float64: { zero: 0, write: (writer, value) => writer.float64(value as number) },
  string: { zero: '', write: (writer, value) => writeString(writer, value as string) },
};

/** UTF-8 with its length before it and a zero behind; CdrWriter's own cuts characters off that take more than a byte. */
function writeString(writer: CdrWriter, value: string): void {
  const bytes = Buffer.from(value);
  writer.uint32(bytes.length + 1);
  writer.uint8Array(bytes);
  writer.uint8(0);
}

/**
 * How messages of a type are serialized. rclnodejs itself builds a native structure of each part of a message first: with four
 * faces of 68 landmarks that holds the main thread up for 8 ms, and this for a fraction of one.
 *
 * @param typeName such as `std_msgs/msg/String`
 * @returns what gives the bytes of a message as ROS sends them (CDR, little endian), which hold until the next one: an image's
 *   would take three times as long in memory of its own. Fields that are left out have their type's default, others are not looked at
 * @throws Error where the type's package is not there, or it has a wide string; what is returned, where an array has not its size
 */
export function messageSerializer(typeName: string): (message: object) => Buffer {
  const write = structureWriter(typeName);
  let buffer = new ArrayBuffer(ROOM);
  return (message) => {
    const writer = new CdrWriter({ kind: EncapsulationKind.CDR_LE, buffer });
    write(writer, message);
    const { data } = writer;
    buffer = data.buffer as ArrayBuffer;
    return Buffer.from(buffer, 0, data.length);
  };
}

function structureWriter(typeName: string): Write {
  const { fields } = definitionOf(typeName);
  // A structure without fields has a byte, as C has it.
  if (fields.length === 0) return (writer) => writer.uint8(0);
  const writers = fields.map(({ name, type, default_value: given }) => {
    const element = elementWriter(typeName, type.pkgName, type.type);
    const write = type.isArray ? arrayWriter(`${typeName}.${name}`, element.write, type) : element.write;
    const length = type.isFixedSizeArray ? (type.arraySize ?? 0) : 0;
    const missing = given ?? (type.isArray ? Array.from({ length }, () => element.zero) : element.zero);
    return { name, write, missing };
  });
  return (writer, value) => {
    const message = value as Readonly<Record<string, unknown>>;
    for (const { name, write, missing } of writers) write(writer, message[name] ?? missing);
  };
}

function elementWriter(of: string, packageName: string | null, type: string) {
  if (packageName !== null) return { zero: {}, write: structureWriter(`${packageName}/msg/${type}`) };
  const primitive = PRIMITIVES[type];
  if (primitive === undefined) throw new Error(`${of} has a field of the type ${type}, which cannot be serialized`);
  return primitive;
}

function arrayWriter(field: string, write: Write, of: MessageDefinition['fields'][number]['type']): Write {
  const { type, isFixedSizeArray, arraySize } = of;
  return (writer, value) => {
    const values = value as ArrayLike<unknown>;
    if (!isFixedSizeArray) writer.uint32(values.length);
    else if (values.length !== arraySize) {
      throw new Error(`${field} has ${values.length} elements, expected ${arraySize}`);
    }
    if (type === 'uint8' && values instanceof Uint8Array) {
      writer.uint8Array(values);
      return;
    }
    for (let index = 0; index < values.length; index++) write(writer, values[index]);
  };
}

function definitionOf(typeName: string): MessageDefinition {
  const known: unknown = rclnodejs.require(typeName as never);
  return (known as { readonly ROSMessageDef: MessageDefinition }).ROSMessageDef;
}
