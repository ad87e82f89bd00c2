import type { FeatureMap, Lowering } from '../lowering.js';

/** a + b, of one shape. */
export function add({ graph, tape }: Lowering, a: FeatureMap, b: FeatureMap): FeatureMap {
  const name = graph.freshName('sum');
  tape.record([a.name, b.name], name, (gradient) => [gradient, gradient]);
  return { ...a, name, addends: [...a.addends, ...b.addends], shifts: [...a.shifts, ...b.shifts] };
}
