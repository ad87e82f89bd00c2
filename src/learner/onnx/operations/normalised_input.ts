import { type FeatureMap, type Lowering, reshape, writtenMap, writtenValue } from '../lowering.js';
import { batchNorm } from './batch_norm.js';

/**
 * The network's input (N, C, T, V, M), batch-normalised over its M*V*C features (in the order face, point, channel) and
 * laid out (C, T, N*M, V); in mode 'monteCarlo' then repeated to (C, T, R*N*M, V), repeats outermost.
 */
export function normalisedInput(lowering: Lowering, name: string): FeatureMap {
  const { graph, tape, shape, frames } = lowering;
  const { numPerson: persons, numPoint: points, inChannels: channels } = shape;
  const features = persons * points * channels;
  const byFeature = graph.node('Transpose', [lowering.data], { perm: [4, 3, 1, 0, 2] });
  const input = writtenMap(lowering, reshape(graph, byFeature, [features, -1]), features, frames);
  const normalised = batchNorm(lowering, input, name);
  const separate = reshape(graph, writtenValue(lowering, normalised), [persons, points, channels, -1, frames]);
  const byChannel = graph.node('Transpose', [separate], { perm: [2, 4, 3, 0, 1] });
  const result = reshape(graph, byChannel, [channels, -1]);
  tape.record([normalised.name], result, (gradient) => {
    const faces = reshape(graph, gradient, [channels, frames, -1, persons, points]);
    return [reshape(graph, graph.node('Transpose', [faces], { perm: [3, 4, 0, 2, 1] }), [features, -1])];
  });
  return writtenMap(lowering, repeated(lowering, result), channels, frames);
}

function repeated({ graph, repeats, shape, frames }: Lowering, value: string): string {
  if (repeats === null) return value;
  const { inChannels: channels, numPoint: points } = shape;
  const once = reshape(graph, value, [channels, frames, 1, -1, points]);
  const one = graph.intConstant([1]);
  const times = graph.node('Concat', [one, one, graph.node('Reshape', [repeats, one]), one, one], { axis: 0 });
  return reshape(graph, graph.node('Expand', [once, times]), [channels, -1]);
}
