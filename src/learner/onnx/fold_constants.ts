import * as ort from 'onnxruntime-node';
import { ElementType, ModelProto, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../onnx/onnx_schema.js';

/**
 * A model whose nodes that no input reaches were run once, by onnxruntime, and replaced by their results; what nothing
 * refers to any more is gone.
 */
export async function foldConstants(bytes: Uint8Array): Promise<Uint8Array> {
  const model = ModelProto.decode(bytes) as unknown as OnnxModel;
  const { graph } = model;
  const inputs = new Set(graph.input.map(({ name }) => name));
  const constants = new Set(graph.initializer.map(({ name }) => name).filter((name) => !inputs.has(name)));
  const folded: OnnxNode[] = [];
  const kept: OnnxNode[] = [];
  for (const node of graph.node) {
    const isConstant = node.input.length > 0 && node.input.every((name) => constants.has(name));
    (isConstant ? folded : kept).push(node);
    if (isConstant) for (const name of node.output) constants.add(name);
  }
  const used = new Set(kept.flatMap((node) => node.input));
  const results = folded.flatMap((node) => node.output).filter((name) => used.has(name));
  const values = await run({ ...model, graph: { ...graph, node: folded, input: [], output: results.map(untyped) } });
  const initializers = [...graph.initializer, ...values].filter(({ name }) => used.has(name));
  return ModelProto.encode({ ...model, graph: { ...graph, node: kept, initializer: initializers } }).finish();
}

/** A graph's output whose type onnxruntime finds out. */
function untyped(name: string) {
  return { name };
}

async function run(model: object): Promise<OnnxTensor[]> {
  const session = await ort.InferenceSession.create(ModelProto.encode(model).finish(), { logSeverityLevel: 4 });
  try {
    const results = await session.run({});
    return Object.entries(results).map(([name, { type, data, dims }]) => {
      if (!(data instanceof Float32Array) && !(data instanceof BigInt64Array))
        throw new Error(`the constant ${name} is of the type ${type}`);
      const dataType = data instanceof Float32Array ? ElementType.float32 : ElementType.int64;
      return {
        name,
        dims: [...dims],
        dataType,
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      };
    });
  } finally {
    await session.release();
  }
}
