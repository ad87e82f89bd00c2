import { type FeatureMap, type Lowering, reshape, writtenMap, writtenValue } from '../lowering.js';

/**
 * Inverted dropout (Srivastava et al. 2014): elements whose mask is 0 become 0, the others are scaled by 1/(1-rate).
 *
 * The mask is an input of the graph, so a seed repeats a run exactly, on every engine, and drawing it is cheaper than
 * ONNX's own Dropout. In mode 'evaluation', and at rate 0, x passes unchanged.
 */
export function dropout(lowering: Lowering, x: FeatureMap, rate: number): FeatureMap {
  const { graph, tape, masks, mode, shape } = lowering;
  if (mode === 'evaluation' || rate === 0) return x;
  const name = `dropout_mask_${masks.length}`;
  masks.push({ name, rate, channels: x.channels, frames: x.frames });
  const mask = graph.input(name, 'bool', [x.channels, x.frames, 'faces', shape.numPoint]);
  // onnxruntime takes a third of the time for a cast and a product that Where needs.
  const keep = graph.node('Cast', [reshape(graph, mask, [x.channels, -1])], { to: 1 });
  const scale = graph.node('Mul', [keep, graph.floatConstant(1 / (1 - rate))]);
  const result = graph.node('Mul', [writtenValue(lowering, x), scale]);
  tape.record([x.name], result, (gradient) => [graph.node('Mul', [gradient, scale])]);
  return writtenMap(lowering, result, x.channels, x.frames);
}
