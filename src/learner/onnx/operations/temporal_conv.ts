import { framesAfter } from '../../network/network_shape.js';
import { TEMPORAL_KERNEL } from '../../network/parameter_layout.js';
import { type FeatureMap, type Lowering, matmul, reshape, writtenValue } from '../lowering.js';
import { channelProduct } from './channel_product.js';
import { convolved, scaledWeight } from './convolution.js';

const PADDING = (TEMPORAL_KERNEL - 1) / 2;

/** A convolution over time: weight (O, C, 9, 1), bias (O), padding 4. */
export function temporalConv(lowering: Lowering, x: FeatureMap, convolution: string, stride: number): FeatureMap {
  const weight = lowering.parameter(`${convolution}.weight`);
  const outChannels = weight.dims[0]!;
  const convolve = x.frames <= TEMPORAL_KERNEL ? shortConvolution : longConvolution;
  const product = (factor?: string) =>
    convolve(lowering, x, scaledWeight(lowering, weight, factor).value, outChannels, stride);
  const { value: bias } = lowering.parameter(`${convolution}.bias`);
  return convolved(lowering, product, bias, outChannels, framesAfter(x.frames, stride));
}

/**
 * Few frames: one product with the (O*T', C*T) matrix that holds the kernel's taps where they fall inside the window,
 * which leaves out all multiplications by the padding's zeros.
 */
function shortConvolution(
  lowering: Lowering,
  x: FeatureMap,
  weight: string,
  outChannels: number,
  stride: number,
): string {
  const { graph, tape } = lowering;
  const framesOut = framesAfter(x.frames, stride);
  const pairs = framesOut * x.frames;
  const taps: number[] = [];
  for (let out = 0; out < framesOut; out++) {
    for (let frame = 0; frame < x.frames; frame++) {
      const tap = frame - stride * out + PADDING;
      taps.push(tap >= 0 && tap < TEMPORAL_KERNEL ? tap : TEMPORAL_KERNEL);
    }
  }
  const kernel = reshape(graph, weight, [outChannels, x.channels, TEMPORAL_KERNEL]);
  const zeroTap = graph.floatConstant(
    Array.from({ length: outChannels * x.channels }, () => 0),
    [outChannels, x.channels, 1],
  );
  const extended = graph.node('Concat', [kernel, zeroTap], { axis: 2 });
  const spread = reshape(graph, graph.node('Gather', [extended, graph.intConstant(taps)], { axis: 2 }), [
    outChannels,
    x.channels,
    framesOut,
    x.frames,
  ]);
  const matrix = reshape(graph, graph.node('Transpose', [spread], { perm: [0, 2, 1, 3] }), [
    outChannels * framesOut,
    x.channels * x.frames,
  ]);
  tape.record([weight], matrix, (gradient) => {
    const perPair = graph.node(
      'Transpose',
      [reshape(graph, gradient, [outChannels, framesOut, x.channels, x.frames])],
      {
        perm: [0, 2, 1, 3],
      },
    );
    const selection = taps.flatMap((tap) => Array.from({ length: TEMPORAL_KERNEL }, (_, k) => (k === tap ? 1 : 0)));
    const perTap = matmul(
      graph,
      reshape(graph, perPair, [outChannels * x.channels, pairs]),
      graph.floatConstant(selection, [pairs, TEMPORAL_KERNEL]),
    );
    return [reshape(graph, perTap, [outChannels, x.channels, TEMPORAL_KERNEL, 1])];
  });
  const { name, channels } = x;
  const input = { name, value: writtenValue(lowering, x), channels };
  return channelProduct(lowering, matrix, input, outChannels, { in: x.frames, out: framesOut });
}

/** Many frames: ONNX's Conv over one image of T rows and F*V columns. */
function longConvolution(
  lowering: Lowering,
  x: FeatureMap,
  weight: string,
  outChannels: number,
  stride: number,
): string {
  const { graph, tape } = lowering;
  const framesOut = framesAfter(x.frames, stride);
  const image = reshape(graph, writtenValue(lowering, x), [1, x.channels, x.frames, -1]);
  const attributes = { kernel_shape: [TEMPORAL_KERNEL, 1], pads: [PADDING, 0, PADDING, 0], strides: [stride, 1] };
  const result = reshape(graph, graph.node('Conv', [image, weight], attributes), [outChannels, -1]);
  tape.record([x.name, weight], result, (gradient) => {
    const outputPadding = x.frames - ((framesOut - 1) * stride + 1);
    const towardsX = graph.node('ConvTranspose', [reshape(graph, gradient, [1, outChannels, framesOut, -1]), weight], {
      ...attributes,
      output_padding: [outputPadding, 0],
    });
    const padded = graph.node('Pad', [image, graph.intConstant([0, 0, PADDING, 0, 0, 0, PADDING, 0])]);
    const perTap = Array.from({ length: TEMPORAL_KERNEL }, (_, tap) => {
      const end = tap + (framesOut - 1) * stride + 1;
      const bounds = [[tap], [end], [2], [stride]].map((bound) => graph.intConstant(bound));
      const frames = reshape(graph, graph.node('Slice', [padded, ...bounds]), [x.channels, -1]);
      return reshape(graph, matmul(graph, gradient, frames, { b: true }), [outChannels, x.channels, 1, 1]);
    });
    return [reshape(graph, towardsX, [x.channels, -1]), graph.node('Concat', perTap, { axis: 2 })];
  });
  return result;
}
