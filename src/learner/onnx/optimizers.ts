import type { GraphBuilder } from '../../onnx/graph_builder.js';

/** 'sgd': stochastic gradient descent with (Nesterov) momentum; 'adam': Kingma and Ba 2015. Both as PyTorch has them. */
export type OptimizerName = 'sgd' | 'adam';

/** Vectors of the parameters' length that an optimizer keeps from step to step; all start as zeros. */
export const OPTIMIZER_STATE: Record<OptimizerName, readonly string[]> = {
  sgd: ['momentum_buffer'],
  adam: ['exp_avg', 'exp_avg_sq'],
};

/** Scalars that are fed at every step, so that schedules may change them. */
export const OPTIMIZER_SCALARS: Record<OptimizerName, readonly string[]> = {
  sgd: ['learning_rate', 'weight_decay', 'momentum'],
  adam: ['learning_rate', 'weight_decay', 'step'],
};

export const ADAM_BETA_1 = 0.9;
export const ADAM_BETA_2 = 0.999;
export const ADAM_EPSILON = 1e-8;

/**
 * Writes one update of the flat `parameters` by their `gradients`; declares the optimizer's inputs and, as outputs under
 * the names `next_*`, the parameters and the optimizer's state.
 */
export function writeUpdate(
  graph: GraphBuilder,
  optimizer: OptimizerName,
  nesterov: boolean,
  parameters: string,
  gradients: string,
  length: number,
): void {
  const input = new Map<string, string>();
  for (const name of OPTIMIZER_SCALARS[optimizer]) input.set(name, graph.input(name, 'float32', []));
  for (const name of OPTIMIZER_STATE[optimizer]) input.set(name, graph.input(name, 'float32', [length]));
  const named = (name: string) => input.get(name)!;
  const op = (operator: string, ...inputs: string[]) => graph.node(operator, inputs);
  const constant = (value: number) => graph.floatConstant(value);

  const decayed = op('Add', gradients, op('Mul', named('weight_decay'), parameters));
  let step: string;
  const next = new Map<string, string>();
  if (optimizer === 'sgd') {
    const momentum = op('Add', op('Mul', named('momentum'), named('momentum_buffer')), decayed);
    next.set('momentum_buffer', momentum);
    step = nesterov ? op('Add', decayed, op('Mul', named('momentum'), momentum)) : momentum;
  } else {
    const mixed = (old: string, fresh: string, beta: number) =>
      op('Add', op('Mul', constant(beta), old), op('Mul', constant(1 - beta), fresh));
    const correction = (beta: number) => op('Sub', constant(1), op('Pow', constant(beta), named('step')));
    const mean = mixed(named('exp_avg'), decayed, ADAM_BETA_1);
    const square = mixed(named('exp_avg_sq'), op('Mul', decayed, decayed), ADAM_BETA_2);
    next.set('exp_avg', mean).set('exp_avg_sq', square);
    const deviation = op('Add', op('Sqrt', op('Div', square, correction(ADAM_BETA_2))), constant(ADAM_EPSILON));
    step = op('Div', op('Div', mean, correction(ADAM_BETA_1)), deviation);
  }
  next.set('parameters', op('Sub', parameters, op('Mul', named('learning_rate'), step)));
  for (const [name, value] of next) graph.output(value, `next_${name}`, 'float32', [length]);
}
