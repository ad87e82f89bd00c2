import { InvalidInputError } from '../../errors.js';
import { type Attribute, GraphBuilder } from '../../onnx/graph_builder.js';
import type { WeightTensor } from './tfjs_weights.js';

/** Pixels: the edge of the network's input. */
export const INPUT_SIZE = 112;
/** What the network tells apart. */
export const OUTPUTS = 7;
/** Values that its last layer goes by. */
export const FEATURES = 256;
/** RGB, bytes: what the network's input is centred by. */
const MEAN_RGB = [122.782, 117.001, 104.298];
/** Its dense blocks, and the convolutions of each. */
const BLOCKS = 4;
const CONVOLUTIONS = 4;
/** Pixels: the edge of what the blocks leave, whose mean is taken. */
const LAST_SIZE = 7;

/**
 * face-api.js's expression network (FaceExpressionNet: four dense blocks of four separable convolutions, the mean, and a fully
 * connected layer) as the bytes of an ONNX graph: `faces` (N, 112, 112, 3), RGB from 0 to 255, in; `features` (N, 256), what the
 * last layer goes by, and `probabilities` (N, 7) out.
 *
 * @param weights by face-api.js's names
 * @param origin where they came from
 * @throws InvalidInputError naming a tensor that is missing or of another rank
 */
export function expressionGraph(weights: ReadonlyMap<string, WeightTensor>, origin: string): Uint8Array {
  const graph = new GraphBuilder('face_expressions');
  const tensor = (name: string, rank: number): WeightTensor => {
    const found = weights.get(name);
    if (found?.shape.length !== rank) {
      throw new InvalidInputError(name, found?.shape ?? 'missing', `a tensor of ${rank} dimensions`, origin);
    }
    return found;
  };
  const stored = (name: string, { shape, values }: WeightTensor) => graph.initializer(name, values, shape);
  const bias = (name: string) => {
    const { shape, values } = tensor(name, 1);
    return stored(name, { shape: [1, shape[0]!, 1, 1], values });
  };
  const same = (stride: number): Record<string, Attribute> => ({ auto_pad: 'SAME_UPPER', strides: [stride, stride] });
  const full = (value: string, name: string, stride: number) => {
    const filters = stored(`${name}/filters`, transposed(tensor(`${name}/filters`, 4), [3, 2, 0, 1]));
    return graph.node('Add', [graph.node('Conv', [value, filters], same(stride)), bias(`${name}/bias`)]);
  };
  const separable = (value: string, name: string, stride: number) => {
    const depthwise = transposed(tensor(`${name}/depthwise_filter`, 4), [2, 3, 0, 1]);
    const pointwise = transposed(tensor(`${name}/pointwise_filter`, 4), [3, 2, 0, 1]);
    const group = depthwise.shape[0]!;
    const byChannel = graph.node('Conv', [value, stored(`${name}/depthwise`, depthwise)], { ...same(stride), group });
    const mixed = graph.node('Conv', [byChannel, stored(`${name}/pointwise`, pointwise)]);
    return graph.node('Add', [mixed, bias(`${name}/bias`)]);
  };

  const faces = graph.input('faces', 'float32', ['N', INPUT_SIZE, INPUT_SIZE, 3]);
  const centred = graph.node('Sub', [faces, graph.floatConstant(MEAN_RGB, [1, 1, 1, 3])]);
  const scaled = graph.node('Div', [centred, graph.floatConstant(255)]);
  let value = graph.node('Transpose', [scaled], { perm: [0, 3, 1, 2] });
  for (let block = 0; block < BLOCKS; block++) {
    const name = (convolution: number) => `dense${block}/conv${convolution}`;
    let sum = graph.node('Relu', [block === 0 ? full(value, name(0), 2) : separable(value, name(0), 2)]);
    value = sum;
    for (let convolution = 1; convolution < CONVOLUTIONS; convolution++) {
      sum = graph.node('Add', [sum, separable(value, name(convolution), 1)]);
      value = graph.node('Relu', [sum]);
    }
  }
  const mean = graph.node('AveragePool', [value], { kernel_shape: [LAST_SIZE, LAST_SIZE] });
  const features = graph.node('Flatten', [mean]);
  const layer = [stored('fc/weights', tensor('fc/weights', 2)), stored('fc/bias', tensor('fc/bias', 1))];
  const probabilities = graph.node('Softmax', [graph.node('Gemm', [features, ...layer])], { axis: 1 });
  graph.output(features, 'features', 'float32', ['N', FEATURES]);
  graph.output(probabilities, 'probabilities', 'float32', ['N', OUTPUTS]);
  return graph.toBytes();
}

/** A tensor with its dimensions in another order: `order` names for each dimension of the result that of the original. */
function transposed({ shape, values }: WeightTensor, order: readonly number[]): WeightTensor {
  const strides = shape.map((_, dimension) => shape.slice(dimension + 1).reduce((product, size) => product * size, 1));
  const resultShape = order.map((dimension) => shape[dimension]!);
  const resultStrides = order.map((dimension) => strides[dimension]!);
  const result = new Float32Array(values.length);
  result.forEach((_, index) => {
    let rest = index;
    let from = 0;
    for (let dimension = resultShape.length - 1; dimension >= 0; dimension--) {
      from += (rest % resultShape[dimension]!) * resultStrides[dimension]!;
      rest = Math.floor(rest / resultShape[dimension]!);
    }
    result[index] = values[from]!;
  });
  return { shape: resultShape, values: result };
}
