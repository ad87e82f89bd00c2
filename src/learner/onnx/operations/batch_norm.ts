import { BATCH_NORM_EPSILON } from '../../network/network_state.js';
import { type FeatureMap, type Lowering, matmul, reshape, sumOf } from '../lowering.js';

/**
 * Batch normalization of each channel (Ioffe and Szegedy 2015): in training by this batch's mean and variance, whose
 * mean and unbiased variance go to the running statistics, else by the running ones.
 */
export function batchNorm(lowering: Lowering, x: FeatureMap, name: string): FeatureMap {
  return lowering.mode === 'training' ? normalisedByBatch(lowering, x, name) : normalisedByRunning(lowering, x, name);
}

/** Where x comes of a convolution, its weights are scaled instead of x. */
function normalisedByRunning(lowering: Lowering, x: FeatureMap, name: string): FeatureMap {
  const { graph } = lowering;
  const { mean, variance } = lowering.runningStatistics(name);
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.floatConstant(BATCH_NORM_EPSILON)])]);
  const scale = graph.node('Div', [lowering.parameter(`${name}.weight`).value, deviation]);
  const scaled = (values: string) => graph.node('Mul', [values, scale]);
  const shift = graph.node('Sub', [lowering.parameter(`${name}.bias`).value, scaled(mean)]);
  return {
    ...x,
    addends: x.addends.map((write) => (factor) => write(factor === undefined ? scale : scaled(factor))),
    shifts: [...x.shifts.map(scaled), shift],
  };
}

/** x without its shifts is enough: they are a part of the mean that is subtracted, and so have no gradient. */
function normalisedByBatch(lowering: Lowering, x: FeatureMap, name: string): FeatureMap {
  const { graph, tape } = lowering;
  const { channels } = x;
  const weight = lowering.parameter(`${name}.weight`).value;
  const bias = lowering.parameter(`${name}.bias`).value;
  const op = (operator: string, ...inputs: string[]) => graph.node(operator, inputs);
  const meanOf = (value: string) => graph.node('ReduceMean', [value, graph.intConstant([1])], { keepdims: 1 });
  const asColumn = (value: string) => reshape(graph, value, [channels, 1]);
  const asVector = (value: string) => reshape(graph, value, [channels]);

  const values = sumOf(
    graph,
    x.addends.map((write) => write()),
  );
  const mean = meanOf(values);
  const centred = op('Sub', values, mean);
  const elements = graph.node('Cast', [op('Size', values)], { to: 1 });
  const count = op('Div', elements, graph.floatConstant(channels));
  // The product of every row with another one: onnxruntime writes no product of all elements for that.
  const meanProductOf = (a: string, b: string) => {
    const rows = [a, b].map((value) => reshape(graph, value, [channels, 1, -1])) as [string, string];
    return op('Div', asColumn(matmul(graph, ...rows, { b: true })), count);
  };
  const variance = meanProductOf(centred, centred);
  const inverseDeviation = op('Reciprocal', op('Sqrt', op('Add', variance, graph.floatConstant(BATCH_NORM_EPSILON))));
  const scale = op('Mul', asColumn(weight), inverseDeviation);

  const bessel = op('Div', count, op('Sub', count, graph.floatConstant(1)));
  lowering.keepBatchStatistics(name, {
    mean: sumOf(graph, [asVector(mean), ...x.shifts]),
    variance: asVector(op('Mul', variance, bessel)),
  });

  const normalised = graph.freshName('normalised');
  tape.record([x.name, weight, bias, ...x.shifts], normalised, (gradient) => {
    const meanProduct = meanProductOf(gradient, centred);
    const inverseVariance = op('Mul', inverseDeviation, inverseDeviation);
    const along = op('Mul', centred, op('Mul', meanProduct, inverseVariance));
    const meanGradient = meanOf(gradient);
    const towardsX = op('Mul', op('Sub', op('Sub', gradient, along), meanGradient), scale);
    const towardsWeight = op('Mul', op('Mul', meanProduct, inverseDeviation), count);
    const none = graph.floatConstant(
      Array.from({ length: channels }, () => 0),
      [channels],
    );
    return [towardsX, asVector(towardsWeight), asVector(op('Mul', meanGradient, count)), ...x.shifts.map(() => none)];
  });
  const write = (factor?: string) =>
    op('Mul', centred, factor === undefined ? scale : op('Mul', scale, asColumn(factor)));
  return { ...x, name: normalised, addends: [write], shifts: [bias] };
}
