import type { FeatureMap, Lowering } from '../lowering.js';

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
  const scale = graph.node('Where', [mask, graph.floatConstant(1 / (1 - rate)), graph.floatConstant(0)]);
  const result = graph.node('Mul', [x.value, scale]);
  tape.record([x.value], result, (gradient) => [graph.node('Mul', [gradient, scale])]);
  return { ...x, value: result };
}
