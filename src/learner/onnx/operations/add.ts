import type { FeatureMap, Lowering } from '../lowering.js';

/** a + b, of one shape. */
export function add({ graph, tape }: Lowering, a: FeatureMap, b: FeatureMap): FeatureMap {
  const result = graph.node('Add', [a.value, b.value]);
  tape.record([a.value, b.value], result, (gradient) => [gradient, gradient]);
  return { ...a, value: result };
}
