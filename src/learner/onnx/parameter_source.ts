import type { GraphBuilder } from '../../onnx/graph_builder.js';
import type { NetworkState } from '../network/network_state.js';
import type { ParameterLayout } from '../network/parameter_layout.js';
import { type BatchStatistics, type ParameterValue, reshape } from './lowering.js';

/** Where a graph has the network's parameters and running statistics from. */
export interface ParameterSource {
  parameter(name: string): ParameterValue;
  statistics(batchNorm: string): BatchStatistics;
}

/** Stored in the model: a file that needs nothing else. */
export function storedParameters(graph: GraphBuilder, state: NetworkState): ParameterSource {
  const { layout } = state;
  const stored = new Set<string>();
  const store = (name: string, values: Float32Array, dims: readonly number[]) => {
    if (!stored.has(name)) graph.initializer(name, values, dims);
    stored.add(name);
    return name;
  };
  return {
    parameter(name) {
      const { offset, length, dims } = layout.parameter(name);
      return { value: store(name, state.parameters.slice(offset, offset + length), dims), dims };
    },
    statistics(batchNorm) {
      const { offset, length } = layout.statisticsOf(batchNorm);
      const { statistics } = state;
      return {
        mean: store(`${batchNorm}.running_mean`, statistics.slice(offset, offset + length), [length]),
        variance: store(`${batchNorm}.running_var`, statistics.slice(offset + length, offset + 2 * length), [length]),
      };
    },
  };
}

/** Fed as two flat vectors, `parameters` and `statistics`, so that one session serves every state of a network. */
export function fedParameters(graph: GraphBuilder, layout: ParameterLayout): ParameterSource {
  const parameters = graph.input('parameters', 'float32', [layout.parameterCount]);
  const lengths = layout.parameters.map((entry) => entry.length);
  const parts = graph.nodeWithResults('Split', [parameters, graph.intConstant(lengths)], lengths.length, { axis: 0 });
  const values = new Map(
    layout.parameters.map((entry, i) => [
      entry.name,
      { value: entry.dims.length === 1 ? parts[i]! : reshape(graph, parts[i]!, entry.dims), dims: entry.dims },
    ]),
  );
  let statistics: Map<string, BatchStatistics> | null = null;
  return {
    parameter: (name) => values.get(name)!,
    statistics(batchNorm) {
      statistics ??= fedStatistics(graph, layout);
      return statistics.get(batchNorm)!;
    },
  };
}

function fedStatistics(graph: GraphBuilder, layout: ParameterLayout): Map<string, BatchStatistics> {
  const input = graph.input('statistics', 'float32', [layout.statisticsCount]);
  const sizes = layout.statistics.flatMap((entry) => [entry.length, entry.length]);
  const parts = graph.nodeWithResults('Split', [input, graph.intConstant(sizes)], sizes.length, { axis: 0 });
  return new Map(
    layout.statistics.map((entry, i) => [entry.name, { mean: parts[2 * i]!, variance: parts[2 * i + 1]! }]),
  );
}
