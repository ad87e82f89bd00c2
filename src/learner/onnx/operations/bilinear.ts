import { GRAPHS } from '../../network/parameter_layout.js';
import {
  type FeatureMap,
  type Lowering,
  matmul,
  type ParameterValue,
  reshape,
  sumOfRows,
  sumOver,
  writtenValue,
} from '../lowering.js';
import { channelProduct, type MapValue } from './channel_product.js';
import { convolved, scaledWeight } from './convolution.js';
import { asMatrix, concatenate, sum } from './parameter_views.js';

/**
 * The bilinear mapping: sum over i of Conv1x1_i(x . A_i) with learned graphs A (3, V, V).
 *
 * Both products are linear, so they may be taken in either order: the one over points comes first where channels grow
 * and last where they shrink, which keeps it on the smaller number of channels.
 */
export function bilinear(lowering: Lowering, x: FeatureMap, graphs: string, convolutions: string): FeatureMap {
  const names = Array.from({ length: GRAPHS }, (_, i) => `${convolutions}.${i}`);
  const parameters = names.map((name) => lowering.parameter(`${name}.weight`));
  const outChannels = parameters[0]!.dims[0]!;
  const adjacency = lowering.parameter(graphs);
  const input = { name: x.name, value: writtenValue(lowering, x), channels: x.channels };
  const weights = (factor?: string) =>
    parameters.map((weight) => asMatrix(lowering, scaledWeight(lowering, weight, factor), outChannels, x.channels));
  const graphsFirst = (factor?: string) =>
    channelProduct(
      lowering,
      concatenate(lowering, weights(factor), 1, x.channels),
      graphProducts(lowering, input, x.frames, adjacency),
      outChannels,
    );
  const graphsLast = (factor?: string) => {
    const stacked = concatenate(lowering, weights(factor), 0, outChannels);
    const products = channelProduct(lowering, stacked, input, GRAPHS * outChannels);
    return summedGraphProducts(lowering, products, outChannels, x.frames, adjacency);
  };
  const bias = sum(
    lowering,
    names.map((name) => lowering.parameter(`${name}.bias`).value),
  );
  return convolved(lowering, x.channels <= outChannels ? graphsFirst : graphsLast, bias, outChannels, x.frames);
}

/** x . A_i for each graph, one below the other: 3C channels. */
function graphProducts(lowering: Lowering, x: MapValue, frames: number, adjacency: ParameterValue): MapValue {
  const { graph, tape } = lowering;
  const view = blockView(lowering, x.channels, frames, adjacency);
  const rows = view.blocks(x.value, 1);
  const channels = GRAPHS * x.channels;
  const value = reshape(graph, matmul(graph, rows, view.graphs), [channels, -1]);
  tape.record([x.name, adjacency.value], value, (gradient) => {
    const perGraph = view.blocks(gradient, GRAPHS);
    const towardsX = sumOfRows(graph, matmul(graph, perGraph, view.graphs, { b: true }), GRAPHS);
    const towardsGraphs = sumOver(graph, matmul(graph, view.transposed(rows), perGraph), 1);
    return [reshape(graph, towardsX, [x.channels, -1]), towardsGraphs];
  });
  return { name: value, value, channels };
}

/** Sum over i of z_i . A_i, where z holds the z_i (C, T*F*V) one below the other. */
function summedGraphProducts(
  lowering: Lowering,
  z: string,
  channels: number,
  frames: number,
  adjacency: ParameterValue,
): string {
  const { graph, tape } = lowering;
  const view = blockView(lowering, channels, frames, adjacency);
  const perGraph = view.blocks(z, GRAPHS);
  const summed = sumOfRows(graph, matmul(graph, perGraph, view.graphs), GRAPHS);
  const result = reshape(graph, summed, [channels, -1]);
  tape.record([z, adjacency.value], result, (gradient) => {
    const shared = view.blocks(gradient, 1);
    const towardsZ = matmul(graph, shared, view.graphs, { b: true });
    const transposedGraphs = sumOver(graph, matmul(graph, view.transposed(shared), perGraph), 1);
    const towardsGraphs = graph.node('Transpose', [transposedGraphs], { perm: [0, 2, 1] });
    return [reshape(graph, towardsZ, [GRAPHS * channels, -1]), towardsGraphs];
  });
  return result;
}

/** Rows that a block of a graph product should at least have. */
const ROWS_PER_BLOCK = 256;

/**
 * A product over points, (C*T*F, V) . (V, V), cut into blocks of rows. onnxruntime goes over the whole result once for
 * every 128 rows of A, which a block's part of it can wait for in a core's cache, and spreads blocks over threads: that
 * makes it half as fast again.
 */
function blockView({ graph, shape, faces }: Lowering, channels: number, frames: number, adjacency: ParameterValue) {
  const points = shape.numPoint;
  const rowsPerFace = channels * frames;
  let count = rowsPerFace;
  while (count > 1 && (rowsPerFace % count !== 0 || (rowsPerFace / count) * faces < ROWS_PER_BLOCK)) count--;
  return {
    /** `copies` of (C, T*F*V), one below the other, as (copies, blocks, rows, V). */
    blocks: (value: string, copies: number) => reshape(graph, value, [copies, count, -1, points]),
    /** Of (1, blocks, rows, V): onnxruntime multiplies a transposed copy faster than it transposes within a product. */
    transposed: (blocks: string) => graph.node('Transpose', [blocks], { perm: [0, 1, 3, 2] }),
    /** (3, 1, V, V). */
    graphs: reshape(graph, adjacency.value, [GRAPHS, 1, points, points]),
  };
}
