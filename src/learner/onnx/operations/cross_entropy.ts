import { type Lowering, reshape, sumOver } from '../lowering.js';

/**
 * The weighted cross entropy of logits (N, K) against target distributions (N, K):
 * the sum over n of weight_n * -sum_k target_nk log softmax(logits_n)_k. Weights (N) of 1/N give the mean.
 */
export function crossEntropy({ graph, tape }: Lowering, logits: string, targets: string, weights: string): string {
  const logProbabilities = graph.node('LogSoftmax', [logits], { axis: 1 });
  const perSample = graph.node('Neg', [sumOver(graph, graph.node('Mul', [targets, logProbabilities]), 1)]);
  const loss = sumOver(graph, graph.node('Mul', [weights, perSample]), 0);
  tape.record([logits], loss, (gradient) => {
    const difference = graph.node('Sub', [graph.node('Exp', [logProbabilities]), targets]);
    const scale = graph.node('Mul', [gradient, reshape(graph, weights, [-1, 1])]);
    return [graph.node('Mul', [difference, scale])];
  });
  return loss;
}
