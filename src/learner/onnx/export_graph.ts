import { GraphBuilder } from '../../onnx/graph_builder.js';
import type { InferenceParams } from '../checkpoint/metadata.js';
import type { NetworkShape } from '../network/network_shape.js';
import type { NetworkState } from '../network/network_state.js';
import type { NetworkOperations } from '../network/operations.js';
import { pstbln } from '../network/pstbln.js';
import { foldConstants } from './fold_constants.js';
import { GradientTape } from './gradient_tape.js';
import { type FeatureMap, type Lowering, type MaskInput, reshape, writtenMap, writtenValue } from './lowering.js';
import { sealed } from './model_seal.js';
import { onnxOperations } from './onnx_operations.js';
import { storedParameters } from './parameter_source.js';

/** Names of an exported graph's inputs and output. */
export const EXPORTED = {
  data: 'data',
  repeats: 'repeats',
  dropoutScale: 'dropout_scale',
  dropoutMask: (layer: number) => `dropout_mask_${layer}`,
  logits: 'logits',
} as const;

/**
 * The network as an .onnx file that any ONNX runtime runs: standard operators only, `data` (N, C, T, V, M) of any N in,
 * `logits` (N, K) out.
 *
 * Monte Carlo dropout is in it: `repeats` (int64 scalar R, 1 where left out), for each layer a mask `dropout_mask_L`
 * (bool (C, T, R*N*M, V), repeats outermost; all true where left out) and `dropout_scale` (1/(1 - rate); 1 where left out)
 * are inputs with defaults. The logits then are (R*N, K). The file's metadata hold, as JSON, `classes`, `dropout_rate` and
 * `dropout_masks`: (C, T, V) of each layer.
 *
 * @param constantFolding without it, the parameters are initializers under their state_dict keys; with it, batch
 *   normalizations are folded into the convolutions before them and all that no input reaches is computed beforehand
 */
export async function exportedGraphBytes(
  state: NetworkState,
  params: InferenceParams,
  { constantFolding }: { constantFolding: boolean },
): Promise<Uint8Array> {
  const { shape } = state.layout;
  const { num_frames: frames } = params;
  const graph = new GraphBuilder('pstbln');
  const data = graph.input(EXPORTED.data, 'float32', [
    'samples',
    shape.inChannels,
    frames,
    shape.numPoint,
    shape.numPerson,
  ]);
  const repeats = graph.optionalInput(EXPORTED.repeats, 'int64', [], BigInt64Array.of(1n), []);
  const source = storedParameters(graph, state);
  const masks: MaskInput[] = [];
  const lowering: Lowering = {
    graph,
    tape: new GradientTape(graph),
    shape,
    mode: 'monteCarlo',
    data,
    frames,
    faces: 1,
    repeats,
    masks,
    parameter: source.parameter,
    runningStatistics: source.statistics,
    keepBatchStatistics: () => undefined,
  };
  const operations: NetworkOperations<FeatureMap, string> = {
    ...onnxOperations(lowering),
    dropout: optionalDropout(lowering),
  };
  graph.output(mergedOutputs(graph, pstbln(operations, shape), shape), EXPORTED.logits, 'float32', [
    'answers',
    shape.numClass,
  ]);
  const bytes = graph.toBytes({
    classes: JSON.stringify(params.classes),
    dropout_rate: String(shape.dropoutRate),
    dropout_masks: JSON.stringify(masks.map((mask) => [mask.channels, mask.frames, shape.numPoint])),
  });
  return sealed(constantFolding ? await foldConstants(bytes) : bytes);
}

/** As `classLogits`: logits (rows, K) out of those of the outputs (rows, outputs). */
function mergedOutputs(graph: GraphBuilder, logits: string, { classOfOutput, numClass }: NetworkShape): string {
  if (classOfOutput.length === 0) return logits;
  const axis = graph.intConstant([1]);
  const classes = Array.from({ length: numClass }, (_, k) => {
    const outputs = classOfOutput.flatMap((of, output) => (of === k ? [output] : []));
    const chosen = graph.node('Gather', [logits, graph.intConstant(outputs)], { axis: 1 });
    return graph.node('ReduceLogSumExp', [chosen, axis], { keepdims: 1 });
  });
  return graph.node('Concat', classes, { axis: 1 });
}

/** Dropout by a mask and a scale that may be left out. */
function optionalDropout(lowering: Lowering): (x: FeatureMap, rate: number) => FeatureMap {
  const { graph, masks, shape } = lowering;
  let scale: string | null = null;
  return (x, rate) => {
    if (rate === 0) return x;
    scale ??= graph.optionalInput(EXPORTED.dropoutScale, 'float32', [], Float32Array.of(1), []);
    const name = EXPORTED.dropoutMask(masks.length);
    masks.push({ name, rate, channels: x.channels, frames: x.frames });
    // The declared sizes have to admit the default's, so they are names.
    const declared = ['channels', 'frames', 'faces', 'points'].map((axis) => `${name}_${axis}`);
    const mask = graph.optionalInput(name, 'bool', declared, Uint8Array.of(1), [1, 1, 1, 1]);
    const factor = graph.node('Where', [mask, scale, graph.floatConstant(0)]);
    const values = reshape(graph, writtenValue(lowering, x), [x.channels, x.frames, -1, shape.numPoint]);
    const dropped = reshape(graph, graph.node('Mul', [values, factor]), [x.channels, -1]);
    return writtenMap(lowering, dropped, x.channels, x.frames);
  };
}
