import type { FeatureMap, Lowering } from '../lowering.js';

/** max(x, 0); its gradient passes where the result is positive. */
export function relu({ graph, tape }: Lowering, x: FeatureMap): FeatureMap {
  const result = graph.node('Relu', [x.value]);
  tape.record([x.value], result, (gradient) => {
    const zero = graph.floatConstant(0);
    return [graph.node('Where', [graph.node('Greater', [result, zero]), gradient, zero])];
  });
  return { ...x, value: result };
}
