import type { NetworkOperations } from '../network/operations.js';
import type { FeatureMap, Lowering } from './lowering.js';
import { add } from './operations/add.js';
import { batchNorm } from './operations/batch_norm.js';
import { bilinear } from './operations/bilinear.js';
import { dense } from './operations/dense.js';
import { dropout } from './operations/dropout.js';
import { globalMean } from './operations/global_mean.js';
import { normalisedInput } from './operations/normalised_input.js';
import { pointwiseConv } from './operations/pointwise_conv.js';
import { relu } from './operations/relu.js';
import { temporalConv } from './operations/temporal_conv.js';

/** The network's operations as nodes of an ONNX graph. */
export function onnxOperations(lowering: Lowering): NetworkOperations<FeatureMap, string> {
  return {
    normalisedInput: (name) => normalisedInput(lowering, name),
    dropout: (x, rate) => dropout(lowering, x, rate),
    bilinear: (x, graphs, convolutions) => bilinear(lowering, x, graphs, convolutions),
    pointwiseConv: (x, convolution, stride) => pointwiseConv(lowering, x, convolution, stride),
    temporalConv: (x, convolution, stride) => temporalConv(lowering, x, convolution, stride),
    batchNorm: (x, name) => batchNorm(lowering, x, name),
    add: (a, b) => add(lowering, a, b),
    relu: (x) => relu(lowering, x),
    globalMean: (x) => globalMean(lowering, x),
    dense: (x, linear) => dense(lowering, x, linear),
  };
}
