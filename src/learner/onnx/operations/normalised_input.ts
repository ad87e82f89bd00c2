import { type FeatureMap, type Lowering, reshape } from '../lowering.js';
import { normaliseRows } from './batch_norm.js';

/**
 * The network's input (N, C, T, V, M), batch-normalised over its M*V*C features (in the order face, point, channel) and
 * laid out (C, T, N*M, V); in mode 'monteCarlo' then repeated to (C, T, R*N*M, V), repeats outermost.
 */
export function normalisedInput(lowering: Lowering, batchNorm: string): FeatureMap {
  const { graph, tape, shape, frames } = lowering;
  const { numPerson: persons, numPoint: points, inChannels: channels } = shape;
  const features = persons * points * channels;
  const byFeature = graph.node('Transpose', [lowering.data], { perm: [4, 3, 1, 0, 2] });
  const normalised = normaliseRows(lowering, reshape(graph, byFeature, [features, -1]), batchNorm, features);
  const separate = reshape(graph, normalised, [persons, points, channels, -1, frames]);
  const byChannel = graph.node('Transpose', [separate], { perm: [2, 4, 3, 0, 1] });
  const result = reshape(graph, byChannel, [channels, frames, -1, points]);
  tape.record([normalised], result, (gradient) => {
    const faces = reshape(graph, gradient, [channels, frames, -1, persons, points]);
    return [reshape(graph, graph.node('Transpose', [faces], { perm: [3, 4, 0, 2, 1] }), [features, -1])];
  });
  return { value: repeated(lowering, result), channels, frames };
}

function repeated({ graph, repeats, shape, frames }: Lowering, value: string): string {
  if (repeats === null) return value;
  const { inChannels: channels, numPoint: points } = shape;
  const once = reshape(graph, value, [channels, frames, 1, -1, points]);
  const one = graph.intConstant([1]);
  const times = graph.node('Concat', [one, one, graph.node('Reshape', [repeats, one]), one, one], { axis: 0 });
  return reshape(graph, graph.node('Expand', [once, times]), [channels, frames, -1, points]);
}
