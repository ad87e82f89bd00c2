import { type FeatureMap, type Lowering, reshape, writtenValue } from '../lowering.js';

/** The mean over frames and points, then over the faces of a sample: (N, C). */
export function globalMean(lowering: Lowering, x: FeatureMap): string {
  const { graph, tape, shape } = lowering;
  const persons = shape.numPerson;
  const value = writtenValue(lowering, x);
  const byFace = reshape(graph, value, [x.channels, x.frames, -1, shape.numPoint]);
  const perFace = graph.node('ReduceMean', [byFace, graph.intConstant([1, 3])], { keepdims: 0 });
  const faceRows = graph.node('Transpose', [perFace], { perm: [1, 0] });
  const grouped = reshape(graph, faceRows, [-1, persons, x.channels]);
  const result = graph.node('ReduceMean', [grouped, graph.intConstant([1])], { keepdims: 0 });
  tape.record([x.name], result, (gradient) => {
    const share = graph.node('Mul', [gradient, graph.floatConstant(1 / (persons * x.frames * shape.numPoint))]);
    const perPerson = graph.node('Expand', [
      reshape(graph, share, [-1, 1, x.channels]),
      graph.intConstant([1, persons, 1]),
    ]);
    const byChannel = graph.node('Transpose', [reshape(graph, perPerson, [-1, x.channels])], { perm: [1, 0] });
    const everywhere = reshape(graph, byChannel, [x.channels, 1, -1, 1]);
    return [reshape(graph, graph.node('Expand', [everywhere, graph.node('Shape', [byFace])]), [x.channels, -1])];
  });
  return result;
}
