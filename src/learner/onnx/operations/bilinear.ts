import { GRAPHS } from '../../network/parameter_layout.js';
import { type FeatureMap, type Lowering, matmul, reshape, sumOver } from '../lowering.js';
import { addChannelBias, leftProduct } from './channel_product.js';
import { asMatrix, concatenate, sum } from './parameter_views.js';

/**
 * The bilinear mapping: sum over i of Conv1x1_i(x . A_i) with learned graphs A (3, V, V).
 *
 * Both products are linear, so they may be taken in either order: the one over points comes first where channels grow
 * and last where they shrink, which keeps it on the smaller number of channels.
 */
export function bilinear(lowering: Lowering, x: FeatureMap, graphs: string, convolutions: string): FeatureMap {
  const names = Array.from({ length: GRAPHS }, (_, i) => `${convolutions}.${i}`);
  const outChannels = lowering.parameter(`${names[0]}.weight`).dims[0]!;
  const adjacency = lowering.parameter(graphs).value;
  const weights = names.map((name) =>
    asMatrix(lowering, lowering.parameter(`${name}.weight`), outChannels, x.channels),
  );
  const bias = sum(
    lowering,
    names.map((name) => lowering.parameter(`${name}.bias`).value),
  );
  const product =
    x.channels <= outChannels
      ? leftProduct(
          lowering,
          concatenate(lowering, weights, 1, x.channels),
          graphProducts(lowering, x, adjacency),
          GRAPHS * x.channels,
        )
      : summedGraphProducts(
          lowering,
          leftProduct(lowering, concatenate(lowering, weights, 0, outChannels), x, x.channels),
          adjacency,
        );
  return addChannelBias(lowering, product, bias, outChannels, x.frames);
}

/** x . A_i for each graph, one below the other: 3C channels. */
function graphProducts({ graph, tape, shape }: Lowering, x: FeatureMap, adjacency: string): FeatureMap {
  const points = shape.numPoint;
  const rows = reshape(graph, x.value, [1, -1, points]);
  const products = matmul(graph, rows, adjacency);
  const channels = GRAPHS * x.channels;
  const result = reshape(graph, products, [channels, x.frames, -1, points]);
  tape.record([x.value, adjacency], result, (gradient) => {
    const perGraph = reshape(graph, gradient, [GRAPHS, -1, points]);
    const towardsX = sumOver(graph, matmul(graph, perGraph, adjacency, { b: true }), 0);
    return [reshape(graph, towardsX, [x.channels, x.frames, -1, points]), matmul(graph, rows, perGraph, { a: true })];
  });
  return { value: result, channels, frames: x.frames };
}

/** Sum over i of z_i . A_i, where z holds the z_i (O, T, F, V) one below the other. */
function summedGraphProducts({ graph, tape, shape }: Lowering, z: string, adjacency: string): string {
  const points = shape.numPoint;
  const perGraph = reshape(graph, z, [GRAPHS, -1, points]);
  const result = sumOver(graph, matmul(graph, perGraph, adjacency), 0);
  tape.record([z, adjacency], result, (gradient) => {
    const shared = reshape(graph, gradient, [1, -1, points]);
    const towardsZ = matmul(graph, shared, adjacency, { b: true });
    return [
      graph.node('Reshape', [towardsZ, graph.node('Shape', [z])]),
      matmul(graph, perGraph, reshapeToGraphs(graph, shared), { a: true }),
    ];
  });
  return result;

  /** The same gradient for each graph; a transposed product does not broadcast its second operand. */
  function reshapeToGraphs(builder: Lowering['graph'], shared: string): string {
    return builder.node(
      'Concat',
      Array.from({ length: GRAPHS }, () => shared),
      { axis: 0 },
    );
  }
}
