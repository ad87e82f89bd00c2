import { type LayerShape, layerShapes, type NetworkShape } from './network_shape.js';
import type { NetworkOperations } from './operations.js';

/**
 * PST-BLN, the progressive spatio-temporal bilinear network (Heidari and Iosifidis, "Progressive Spatio-Temporal
 * Bilinear Network with Monte Carlo Dropout for Landmark-based Facial Expression Recognition with Uncertainty
 * Estimation", 2021): the logits (N, classes) of a batch (N, C, T, V, M).
 */
export function pstbln<X, Y>(operations: NetworkOperations<X, Y>, shape: NetworkShape): Y {
  let x = operations.normalisedInput('data_bn');
  for (const layer of layerShapes(shape)) {
    x = spatioTemporalLayer(operations, operations.dropout(x, shape.dropoutRate), layer);
  }
  return operations.dense(operations.globalMean(x), 'fc');
}

function spatioTemporalLayer<X, Y>(operations: NetworkOperations<X, Y>, x: X, layer: LayerShape): X {
  const prefix = `layers.${layer.name}`;
  const spatial = bilinearLayer(operations, x, layer, `${prefix}.bln`);
  const convolved = operations.temporalConv(spatial, `${prefix}.tcn.t_conv`, layer.stride);
  const temporal = operations.batchNorm(convolved, `${prefix}.tcn.bn`);
  if (layer.residual === 'none') return operations.relu(temporal);
  if (layer.residual === 'identity') return operations.relu(operations.add(temporal, x));
  const strided = operations.pointwiseConv(x, `${prefix}.residual.t_conv`, layer.stride);
  return operations.relu(operations.add(temporal, operations.batchNorm(strided, `${prefix}.residual.bn`)));
}

function bilinearLayer<X, Y>(operations: NetworkOperations<X, Y>, x: X, layer: LayerShape, prefix: string): X {
  const mapped = operations.batchNorm(
    operations.bilinear(x, `${prefix}.rand_graph`, `${prefix}.g_conv`),
    `${prefix}.bn`,
  );
  if (layer.inChannels === layer.outChannels) return operations.relu(operations.add(mapped, x));
  const projected = operations.pointwiseConv(x, `${prefix}.bln_residual.0`, 1);
  return operations.relu(operations.add(mapped, operations.batchNorm(projected, `${prefix}.bln_residual.1`)));
}
