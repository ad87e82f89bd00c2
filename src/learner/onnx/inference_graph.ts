import { GraphBuilder } from '../../onnx/graph_builder.js';
import { type NetworkShape, outputCount } from '../network/network_shape.js';
import { pstbln } from '../network/pstbln.js';
import { GradientTape } from './gradient_tape.js';
import { type MaskInput, reshape } from './lowering.js';
import { onnxOperations } from './onnx_operations.js';
import type { ParameterSource } from './parameter_source.js';

export interface InferenceGraph {
  readonly bytes: Uint8Array;
  /** The dropout masks to feed, in the order of the layers; none in mode 'evaluation'. */
  readonly masks: readonly MaskInput[];
}

/**
 * The network as a graph that answers batches of any size.
 *
 * Inputs: `data` (N, C, T, V, M); in mode 'monteCarlo' also `repeats` (int64 scalar R) and the dropout masks, with
 * faces F = R*N*M, repeats outermost. Output: `logits`, (N, outputs) in mode 'evaluation', (R, N, outputs) in mode 'monteCarlo'.
 *
 * @param faces about how many a run will have (see Lowering)
 */
export function buildInferenceGraph(
  shape: NetworkShape,
  frames: number,
  faces: number,
  mode: 'evaluation' | 'monteCarlo',
  parametersOf: (graph: GraphBuilder) => ParameterSource,
): InferenceGraph {
  const graph = new GraphBuilder('pstbln');
  const data = graph.input('data', 'float32', ['samples', shape.inChannels, frames, shape.numPoint, shape.numPerson]);
  const repeats = mode === 'monteCarlo' ? graph.input('repeats', 'int64', []) : null;
  const source = parametersOf(graph);
  const masks: MaskInput[] = [];
  const operations = onnxOperations({
    graph,
    tape: new GradientTape(graph),
    shape,
    mode,
    data,
    frames,
    faces,
    repeats,
    masks,
    parameter: source.parameter,
    runningStatistics: source.statistics,
    keepBatchStatistics: () => undefined,
  });
  const logits = pstbln(operations, shape);
  const outputs = outputCount(shape);
  if (repeats === null) graph.output(logits, 'logits', 'float32', ['samples', outputs]);
  else {
    const dims = graph.node('Concat', [reshape(graph, repeats, [1]), graph.intConstant([-1, outputs])], {
      axis: 0,
    });
    graph.output(graph.node('Reshape', [logits, dims]), 'logits', 'float32', ['repeats', 'samples', outputs]);
  }
  return { bytes: graph.toBytes(), masks };
}
