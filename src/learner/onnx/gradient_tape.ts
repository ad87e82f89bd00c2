import type { GraphBuilder } from '../../onnx/graph_builder.js';

/** From the gradient of an operation's result, the gradients of its inputs; null for one that needs none. */
export type Backward = (gradient: string) => readonly (string | null)[];

interface Entry {
  readonly inputs: readonly string[];
  readonly result: string;
  readonly backward: Backward;
}

/**
 * Reverse-mode differentiation over graph values: every operation records how its inputs' gradients follow from its
 * result's, and `gradients` writes the backward pass as further nodes of the same graph.
 */
export class GradientTape {
  private readonly entries: Entry[] = [];

  constructor(private readonly graph: GraphBuilder) {}

  record(inputs: readonly string[], result: string, backward: Backward): void {
    this.entries.push({ inputs, result, backward });
  }

  /** The gradient of every value that `result` depends on, given the gradient of `result` itself. */
  gradients(result: string, gradient: string): ReadonlyMap<string, string> {
    const gradients = new Map([[result, gradient]]);
    for (const entry of this.entries.toReversed()) {
      const arriving = gradients.get(entry.result);
      if (arriving === undefined) continue;
      const leaving = entry.backward(arriving);
      entry.inputs.forEach((input, index) => {
        const part = leaving[index];
        if (part === null || part === undefined) return;
        const sum = gradients.get(input);
        gradients.set(input, sum === undefined ? part : this.graph.node('Add', [sum, part]));
      });
    }
    return gradients;
  }
}
