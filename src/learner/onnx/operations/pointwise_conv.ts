import { framesAfter } from '../../network/network_shape.js';
import { type FeatureMap, type Lowering, reshape, writtenValue } from '../lowering.js';
import { channelProduct, type MapValue } from './channel_product.js';
import { convolved, scaledWeight } from './convolution.js';
import { asMatrix } from './parameter_views.js';

/** A 1x1 convolution over every `stride`-th frame: weight (O, C, 1, 1), bias (O). */
export function pointwiseConv(lowering: Lowering, x: FeatureMap, convolution: string, stride: number): FeatureMap {
  const weight = lowering.parameter(`${convolution}.weight`);
  const outChannels = weight.dims[0]!;
  const input = everyFrame(lowering, x, stride);
  const product = (factor?: string) => {
    const matrix = asMatrix(lowering, scaledWeight(lowering, weight, factor), outChannels, x.channels);
    return channelProduct(lowering, matrix, input, outChannels);
  };
  const { value: bias } = lowering.parameter(`${convolution}.bias`);
  return convolved(lowering, product, bias, outChannels, framesAfter(x.frames, stride));
}

/** Frames 0, stride, 2 stride, ...; the gradient puts zeros between them again. */
function everyFrame(lowering: Lowering, x: FeatureMap, stride: number): MapValue {
  const { name, channels } = x;
  const value = writtenValue(lowering, x);
  if (stride === 1) return { name, value, channels };
  const { graph, tape, shape } = lowering;
  const frames = framesAfter(x.frames, stride);
  const slice = (of: string, end: number, step: number) =>
    graph.node('Slice', [
      of,
      graph.intConstant([0]),
      graph.intConstant([end]),
      graph.intConstant([1]),
      graph.intConstant([step]),
    ]);
  const byFrame = reshape(graph, value, [channels, x.frames, -1, shape.numPoint]);
  const result = reshape(graph, slice(byFrame, x.frames, stride), [channels, -1]);
  tape.record([name], result, (gradient) => {
    const apart = reshape(graph, gradient, [channels, frames, 1, -1, shape.numPoint]);
    const zeros = graph.node('Mul', [apart, graph.floatConstant(0)]);
    const spread = graph.node('Concat', [apart, ...Array.from({ length: stride - 1 }, () => zeros)], { axis: 2 });
    const full = reshape(graph, spread, [channels, frames * stride, -1, shape.numPoint]);
    return [reshape(graph, slice(full, x.frames, 1), [channels, -1])];
  });
  return { name: result, value: result, channels };
}
