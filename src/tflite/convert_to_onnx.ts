import { InvalidInputError } from '../errors.js';
import { type Dimension, GraphBuilder } from '../onnx/graph_builder.js';
import { Conversion } from './conversion.js';
import { relu } from './operations/activation.js';
import { add, multiply } from './operations/arithmetic.js';
import { convolution, depthwiseConvolution } from './operations/convolution.js';
import { landmarksToTransformMatrix } from './operations/landmarks_to_transform_matrix.js';
import { maxPool } from './operations/max_pool.js';
import { pad } from './operations/pad.js';
import { prelu } from './operations/prelu.js';
import { concatenate, reshape, wholeSlice } from './operations/shape.js';
import { transformLandmarks } from './operations/transform_landmarks.js';
import { transformTensorBilinear } from './operations/transform_tensor_bilinear.js';
import { TensorType, type TfliteModel, type TfliteOperator } from './tflite_model.js';

type OperatorConverter = (conversion: Conversion, operator: TfliteOperator) => void;

/** What each operation of TensorFlow Lite becomes, by name and, for custom ones, version. */
const CONVERTERS: Readonly<Record<string, OperatorConverter>> = {
  ADD: add,
  CONCATENATION: concatenate,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwiseConvolution,
  DEQUANTIZE: (conversion, operator) => conversion.defineConstant(operator, conversion.constant(operator, 0)),
  Landmarks2TransformMatrix: landmarksToTransformMatrix,
  MAX_POOL_2D: maxPool,
  MUL: multiply,
  PAD: pad,
  PRELU: prelu,
  RELU: relu,
  RESHAPE: reshape,
  STRIDED_SLICE: wholeSlice,
  TransformLandmarks: transformLandmarks,
  TransformTensorBilinear: transformTensorBilinear,
};

/**
 * Writes a TensorFlow Lite graph as an ONNX model, in memory: standard operators, float32 weights (halves
 * are widened, which is exact), images channels first within, the same inputs and outputs without. Any batch size.
 *
 * @param outputs what the results of interest are called in the file; what only others need is left out
 * @returns the bytes of the model, with inputs and results under their names in the file
 * @throws InvalidInputError for an operation that is not known, naming it, its place and the file
 */
export function convertToOnnx(model: TfliteModel, outputs: readonly string[]): Uint8Array {
  const { tensors, origin } = model;
  const graph = new GraphBuilder('tflite');
  const conversion = new Conversion(model, graph);
  const batched = (shape: readonly number[]): Dimension[] => ['batch', ...shape.slice(1)];
  for (const index of model.inputs) {
    const { name, shape, type } = tensors[index]!;
    if (type !== TensorType.float32 || shape[0] !== 1) {
      throw new InvalidInputError(`the input ${name}`, { type, shape }, 'float32, for a batch of 1', origin);
    }
    graph.input(name, 'float32', batched(shape));
    conversion.defineInput(index, { name, shape, layout: 'as_written' });
  }
  const results = outputs.map((name) => resultIndex(model, name));
  for (const operator of neededOperators(model, results)) {
    const convert = CONVERTERS[operator.name];
    if (convert === undefined) {
      const thing = `the operation at position ${operator.position}`;
      const known = `one of ${Object.keys(CONVERTERS).join(', ')}`;
      throw new InvalidInputError(thing, `${operator.name} (version ${operator.version})`, known, origin);
    }
    convert(conversion, operator);
  }
  outputs.forEach((name, i) => {
    const result = conversion.result(results[i]!);
    graph.output(result.name, name, 'float32', batched(result.shape));
  });
  return graph.toBytes();
}

function resultIndex({ tensors, outputs, origin }: TfliteModel, name: string): number {
  const index = outputs.find((output) => tensors[output]!.name === name);
  if (index === undefined) {
    const names = outputs.map((output) => tensors[output]!.name);
    throw new InvalidInputError('the results', names, `${name} among them`, origin);
  }
  return index;
}

/** The operators that these results come from, in their order. */
function neededOperators({ operators }: TfliteModel, results: readonly number[]): TfliteOperator[] {
  const needed = new Set(results);
  const found: TfliteOperator[] = [];
  for (const operator of operators.toReversed()) {
    if (!operator.outputs.some((output) => needed.has(output))) continue;
    for (const input of operator.inputs) needed.add(input);
    found.push(operator);
  }
  return found.reverse();
}
