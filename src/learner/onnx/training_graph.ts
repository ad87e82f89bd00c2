import { GraphBuilder } from '../../onnx/graph_builder.js';
import { type NetworkShape, outputCount } from '../network/network_shape.js';
import { STATISTICS_MOMENTUM } from '../network/network_state.js';
import { ParameterLayout } from '../network/parameter_layout.js';
import { pstbln } from '../network/pstbln.js';
import { GradientTape } from './gradient_tape.js';
import { type BatchStatistics, type MaskInput, reshape } from './lowering.js';
import { onnxOperations } from './onnx_operations.js';
import { crossEntropy } from './operations/cross_entropy.js';
import { type OptimizerName, writeUpdate } from './optimizers.js';
import { fedParameters } from './parameter_source.js';

export interface TrainingGraph {
  readonly bytes: Uint8Array;
  readonly masks: readonly MaskInput[];
}

/** Faces of a batch that are reckoned with where nothing else is said. */
const TYPICAL_FACES = 64;

/**
 * One training step as one graph: forward, backward and update.
 *
 * Inputs: `data` (N, C, T, V, M), `targets` (N, outputs), `sample_weights` (N), `parameters` and `statistics` (flat), the
 * dropout masks, and the optimizer's scalars and state (see `writeUpdate`). Outputs: `loss` (scalar), `logits` (N, outputs),
 * `next_statistics`, and either `next_parameters` with the optimizer's next state, or, without an optimizer,
 * `gradients` (flat).
 */
export function buildTrainingGraph(
  shape: NetworkShape,
  frames: number,
  optimizer: { name: OptimizerName; nesterov: boolean } | null,
  faces = TYPICAL_FACES,
): TrainingGraph {
  const layout = new ParameterLayout(shape);
  const graph = new GraphBuilder('pstbln_training_step');
  const data = graph.input('data', 'float32', ['samples', shape.inChannels, frames, shape.numPoint, shape.numPerson]);
  const targets = graph.input('targets', 'float32', ['samples', outputCount(shape)]);
  const weights = graph.input('sample_weights', 'float32', ['samples']);
  const source = fedParameters(graph, layout);
  const tape = new GradientTape(graph);
  const masks: MaskInput[] = [];
  const batchStatistics = new Map<string, BatchStatistics>();
  const lowering = {
    graph,
    tape,
    shape,
    mode: 'training' as const,
    data,
    frames,
    faces,
    repeats: null,
    masks,
    parameter: source.parameter,
    runningStatistics: source.statistics,
    keepBatchStatistics: (name: string, statistics: BatchStatistics) => void batchStatistics.set(name, statistics),
  };
  const logits = pstbln(onnxOperations(lowering), shape);
  const loss = crossEntropy(lowering, logits, targets, weights);
  graph.output(loss, 'loss', 'float32', []);
  graph.output(logits, 'logits', 'float32', ['samples', outputCount(shape)]);

  const gradientOf = tape.gradients(loss, graph.floatConstant(1));
  const flat = layout.parameters.map((entry) => {
    const gradient = gradientOf.get(source.parameter(entry.name).value);
    if (gradient === undefined) throw new Error(`no gradient reaches the parameter ${entry.name}`);
    return reshape(graph, gradient, [entry.length]);
  });
  const gradients = graph.node('Concat', flat, { axis: 0 });
  if (optimizer === null) graph.output(gradients, 'gradients', 'float32', [layout.parameterCount]);
  else writeUpdate(graph, optimizer.name, optimizer.nesterov, 'parameters', gradients, layout.parameterCount);

  writeStatisticsUpdate(graph, layout, batchStatistics);
  return { bytes: graph.toBytes(), masks };
}

function writeStatisticsUpdate(
  graph: GraphBuilder,
  layout: ParameterLayout,
  batchStatistics: ReadonlyMap<string, BatchStatistics>,
): void {
  const old = graph.input('statistics', 'float32', [layout.statisticsCount]);
  const parts = layout.statistics.flatMap(({ name }) => {
    const { mean, variance } = batchStatistics.get(name)!;
    return [mean, variance];
  });
  const fresh = graph.node('Concat', parts, { axis: 0 });
  const kept = graph.node('Mul', [old, graph.floatConstant(1 - STATISTICS_MOMENTUM)]);
  const added = graph.node('Mul', [fresh, graph.floatConstant(STATISTICS_MOMENTUM)]);
  graph.output(graph.node('Add', [kept, added]), 'next_statistics', 'float32', [layout.statisticsCount]);
}
