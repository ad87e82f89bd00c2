import { framesAfter } from '../../network/network_shape.js';
import { type FeatureMap, type Lowering, reshape } from '../lowering.js';
import { addChannelBias, leftProduct } from './channel_product.js';
import { asMatrix } from './parameter_views.js';

/** A 1x1 convolution over every `stride`-th frame: weight (O, C, 1, 1), bias (O). */
export function pointwiseConv(lowering: Lowering, x: FeatureMap, convolution: string, stride: number): FeatureMap {
  const weight = lowering.parameter(`${convolution}.weight`);
  const outChannels = weight.dims[0]!;
  const input = everyFrame(lowering, x, stride);
  const product = leftProduct(lowering, asMatrix(lowering, weight, outChannels, x.channels), input, x.channels);
  return addChannelBias(lowering, product, lowering.parameter(`${convolution}.bias`).value, outChannels, input.frames);
}

/** Frames 0, stride, 2 stride, ...; the gradient puts zeros between them again. */
function everyFrame(lowering: Lowering, x: FeatureMap, stride: number): FeatureMap {
  if (stride === 1) return x;
  const { graph, tape, shape } = lowering;
  const frames = framesAfter(x.frames, stride);
  const slice = (value: string, end: number, step: number) =>
    graph.node('Slice', [
      value,
      graph.intConstant([0]),
      graph.intConstant([end]),
      graph.intConstant([1]),
      graph.intConstant([step]),
    ]);
  const result = slice(x.value, x.frames, stride);
  tape.record([x.value], result, (gradient) => {
    const apart = graph.node('Unsqueeze', [gradient, graph.intConstant([2])]);
    const zeros = graph.node('Mul', [apart, graph.floatConstant(0)]);
    const spread = graph.node('Concat', [apart, ...Array.from({ length: stride - 1 }, () => zeros)], { axis: 2 });
    const full = reshape(graph, spread, [x.channels, frames * stride, -1, shape.numPoint]);
    return [slice(full, x.frames, 1)];
  });
  return { value: result, channels: x.channels, frames };
}
