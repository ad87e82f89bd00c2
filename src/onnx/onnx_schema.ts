import protobuf from 'protobufjs';

/**
 * The part of ONNX's protobuf schema that a model written here uses (field numbers from onnx.proto of the ONNX
 * specification, IR version 8).
 */
const schema = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        StringStringEntryProto: {
          fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } },
        },
        OperatorSetIdProto: {
          fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
        },
        TensorProto: {
          fields: {
            dims: { rule: 'repeated', type: 'int64', id: 1, options: { packed: true } },
            dataType: { type: 'int32', id: 2 },
            name: { type: 'string', id: 8 },
            rawData: { type: 'bytes', id: 9 },
          },
        },
        AttributeProto: {
          fields: {
            name: { type: 'string', id: 1 },
            f: { type: 'float', id: 2 },
            i: { type: 'int64', id: 3 },
            s: { type: 'bytes', id: 4 },
            floats: { rule: 'repeated', type: 'float', id: 7, options: { packed: true } },
            ints: { rule: 'repeated', type: 'int64', id: 8, options: { packed: true } },
            type: { type: 'int32', id: 20 },
          },
        },
        NodeProto: {
          fields: {
            input: { rule: 'repeated', type: 'string', id: 1 },
            output: { rule: 'repeated', type: 'string', id: 2 },
            name: { type: 'string', id: 3 },
            opType: { type: 'string', id: 4 },
            attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
            domain: { type: 'string', id: 7 },
          },
        },
        Dimension: {
          oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
          fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
        },
        TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
        TensorTypeProto: {
          fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
        },
        TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
        ValueInfoProto: {
          fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } },
        },
        GraphProto: {
          fields: {
            node: { rule: 'repeated', type: 'NodeProto', id: 1 },
            name: { type: 'string', id: 2 },
            initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
            input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
            output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
          },
        },
        ModelProto: {
          fields: {
            irVersion: { type: 'int64', id: 1 },
            producerName: { type: 'string', id: 2 },
            graph: { type: 'GraphProto', id: 7 },
            opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
            metadataProps: { rule: 'repeated', type: 'StringStringEntryProto', id: 14 },
          },
        },
      },
    },
  },
});

/** ONNX's ModelProto, for encoding and decoding. */
export const ModelProto: protobuf.Type = schema.lookupType('onnx.ModelProto');

/** TensorProto.DataType, the element types in use. */
export const ElementType = { float32: 1, int32: 6, int64: 7, bool: 9, uint32: 12, uint64: 13 } as const;
export type ElementTypeName = keyof typeof ElementType;

/** AttributeProto.AttributeType. */
export const AttributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;

/** Whole numbers of 64 bits are decoded as Long objects. */
type Integer = number | { toNumber(): number };

export interface OnnxTensor {
  name: string;
  dims: readonly Integer[];
  dataType: number;
  rawData: Uint8Array;
}

export interface OnnxNode {
  opType: string;
  domain: string;
  input: readonly string[];
  output: readonly string[];
}

export interface OnnxValueInfo {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: readonly { dimValue?: Integer; dimParam?: string }[] } } };
}

/** A decoded ModelProto. */
export interface OnnxModel {
  opsetImport: readonly { domain: string; version: Integer }[];
  graph: {
    node: readonly OnnxNode[];
    input: readonly OnnxValueInfo[];
    output: readonly OnnxValueInfo[];
    initializer: readonly OnnxTensor[];
  };
}

export function integerOf(value: Integer): number {
  return typeof value === 'number' ? value : value.toNumber();
}
