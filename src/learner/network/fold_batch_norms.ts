import { layerShapes } from './network_shape.js';
import { BATCH_NORM_EPSILON, type NetworkState } from './network_state.js';
import { GRAPHS } from './parameter_layout.js';

/**
 * The network with every batch normalization but `data_bn` folded into the convolutions before it: scaled weights and
 * biases give what the convolution and then the normalization by running statistics gave. A network that is run with
 * the result leaves those batch normalizations out. (`data_bn` has dropout behind it and no weights before it.)
 *
 * @returns the parameters, placed as `state.layout` says
 */
export function foldBatchNorms({ layout, parameters, statistics }: NetworkState): Float32Array {
  const folded = parameters.slice();
  for (const { batchNorm, convolutions } of foldedPairs(layout.shape)) {
    const at = layout.statisticsOf(batchNorm);
    const weight = layout.parameter(`${batchNorm}.weight`).offset;
    const bias = layout.parameter(`${batchNorm}.bias`).offset;
    for (let channel = 0; channel < at.length; channel++) {
      const mean = statistics[at.offset + channel]!;
      const variance = statistics[at.offset + at.length + channel]!;
      const scale = parameters[weight + channel]! / Math.sqrt(variance + BATCH_NORM_EPSILON);
      convolutions.forEach((convolution, index) => {
        const kernel = layout.parameter(`${convolution}.weight`);
        const size = kernel.length / at.length;
        const start = kernel.offset + channel * size;
        for (let i = start; i < start + size; i++) folded[i] = folded[i]! * scale;
        const shift = index === 0 ? parameters[bias + channel]! - mean * scale : 0;
        const at0 = layout.parameter(`${convolution}.bias`).offset + channel;
        folded[at0] = folded[at0]! * scale + shift;
      });
    }
  }
  return folded;
}

/** Each batch normalization with the convolutions whose sum it normalises. */
function foldedPairs(shape: NetworkState['layout']['shape']): { batchNorm: string; convolutions: string[] }[] {
  return layerShapes(shape).flatMap(({ name, inChannels, outChannels, residual }) => {
    const prefix = `layers.${name}`;
    const graphs = Array.from({ length: GRAPHS }, (_, i) => `${prefix}.bln.g_conv.${i}`);
    const pairs = [
      { batchNorm: `${prefix}.bln.bn`, convolutions: graphs },
      { batchNorm: `${prefix}.tcn.bn`, convolutions: [`${prefix}.tcn.t_conv`] },
    ];
    if (inChannels !== outChannels) {
      const projection = `${prefix}.bln.bln_residual`;
      pairs.push({ batchNorm: `${projection}.1`, convolutions: [`${projection}.0`] });
    }
    if (residual === 'convolution') {
      pairs.push({ batchNorm: `${prefix}.residual.bn`, convolutions: [`${prefix}.residual.t_conv`] });
    }
    return pairs;
  });
}
