import { BATCH_NORM_EPSILON } from '../../network/network_state.js';
import { type FeatureMap, type Lowering, reshape, sumOver } from '../lowering.js';

/** Batch normalization of each channel (Ioffe and Szegedy 2015). */
export function batchNorm(lowering: Lowering, x: FeatureMap, name: string): FeatureMap {
  const { graph, tape, shape } = lowering;
  const rows = reshape(graph, x.value, [x.channels, -1]);
  const dims = [x.channels, x.frames, -1, shape.numPoint];
  tape.record([x.value], rows, (gradient) => [reshape(graph, gradient, dims)]);
  const normalised = normaliseRows(lowering, rows, name, x.channels);
  const result = reshape(graph, normalised, dims);
  tape.record([normalised], result, (gradient) => [reshape(graph, gradient, [x.channels, -1])]);
  return { ...x, value: result };
}

/**
 * Normalises each row of a matrix (rows, columns) with the weight and bias of its row: by this batch's mean and
 * variance in training, whose mean and unbiased variance go to the running statistics, else by the running ones.
 */
export function normaliseRows(lowering: Lowering, x: string, name: string, rows: number): string {
  return lowering.mode === 'training'
    ? normaliseByBatch(lowering, x, name, rows)
    : normaliseByRunning(lowering, x, name, rows);
}

function normaliseByRunning(lowering: Lowering, x: string, name: string, rows: number): string {
  const { graph } = lowering;
  const { mean, variance } = lowering.runningStatistics(name);
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.floatConstant(BATCH_NORM_EPSILON)])]);
  const scale = graph.node('Div', [lowering.parameter(`${name}.weight`).value, deviation]);
  const shift = graph.node('Sub', [lowering.parameter(`${name}.bias`).value, graph.node('Mul', [mean, scale])]);
  const scaled = graph.node('Mul', [x, reshape(graph, scale, [rows, 1])]);
  return graph.node('Add', [scaled, reshape(graph, shift, [rows, 1])]);
}

function normaliseByBatch(lowering: Lowering, x: string, name: string, rows: number): string {
  const { graph, tape } = lowering;
  const weight = lowering.parameter(`${name}.weight`).value;
  const bias = lowering.parameter(`${name}.bias`).value;
  const axis = graph.intConstant([1]);
  const meanOf = (value: string) => graph.node('ReduceMean', [value, axis], { keepdims: 1 });

  const mean = meanOf(x);
  const centred = graph.node('Sub', [x, mean]);
  const variance = meanOf(graph.node('Mul', [centred, centred]));
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.floatConstant(BATCH_NORM_EPSILON)])]);
  const inverseDeviation = graph.node('Reciprocal', [deviation]);
  const scale = graph.node('Mul', [reshape(graph, weight, [rows, 1]), inverseDeviation]);
  const result = graph.node('Add', [graph.node('Mul', [centred, scale]), reshape(graph, bias, [rows, 1])]);

  const elements = graph.node('Cast', [graph.node('Size', [x])], { to: 1 });
  const count = graph.node('Div', [elements, graph.floatConstant(rows)]);
  const bessel = graph.node('Div', [count, graph.node('Sub', [count, graph.floatConstant(1)])]);
  lowering.keepBatchStatistics(name, {
    mean: reshape(graph, mean, [rows]),
    variance: reshape(graph, graph.node('Mul', [variance, bessel]), [rows]),
  });

  tape.record([x, weight, bias], result, (gradient) => {
    const product = graph.node('Mul', [gradient, centred]);
    const meanProduct = meanOf(product);
    const inverseVariance = graph.node('Mul', [inverseDeviation, inverseDeviation]);
    const alongCentred = graph.node('Mul', [centred, graph.node('Mul', [meanProduct, inverseVariance])]);
    const direct = graph.node('Sub', [gradient, meanOf(gradient)]);
    const towardsWeight = graph.node('Mul', [graph.node('Mul', [meanProduct, inverseDeviation]), count]);
    return [
      graph.node('Mul', [graph.node('Sub', [direct, alongCentred]), scale]),
      reshape(graph, towardsWeight, [rows]),
      sumOver(graph, gradient, 1),
    ];
  });
  return result;
}
