import type { Conversion } from '../conversion.js';
import { elementCount, type TfliteOperator } from '../tflite_model.js';
import { activated } from './activation.js';

/** RESHAPE to what the file declares of its output, whose first axis stays the batch. */
export function reshape(conversion: Conversion, operator: TfliteOperator): void {
  const { graph, model } = conversion;
  const input = conversion.value(operator, 0, 'as_written');
  const shape = model.tensors[operator.outputs[0] ?? -1]?.shape ?? [];
  if (shape[0] !== 1 || input.shape[0] !== 1 || elementCount(shape) !== elementCount(input.shape)) {
    conversion.refuse(operator, 'the new shape', shape, `a batch of 1, of the size of (${input.shape.join(', ')})`);
  }
  const name = graph.node('Reshape', [input.name, graph.intConstant([-1, ...shape.slice(1)])]);
  conversion.define(operator, { name, shape, layout: 'as_written' });
}

/** CONCATENATION along any axis but the batch. */
export function concatenate(conversion: Conversion, operator: TfliteOperator): void {
  const { graph } = conversion;
  const parts = operator.inputs.map((_, input) => conversion.value(operator, input, 'as_written'));
  const [first] = parts;
  if (first === undefined) conversion.refuse(operator, 'the inputs', [], 'one or more');
  const written = operator.options?.int32(0) ?? 0;
  const axis = written < 0 ? written + first.shape.length : written;
  if (!(axis >= 1 && axis < first.shape.length))
    conversion.refuse(operator, 'the axis', written, 'one after the batch');
  const others = (shape: readonly number[]) => shape.with(axis, 0).join();
  for (const { shape } of parts) {
    if (shape.length !== first.shape.length || others(shape) !== others(first.shape)) {
      conversion.refuse(operator, 'the shape of an input', shape, `(${first.shape.join(', ')}) but for axis ${axis}`);
    }
  }
  const size = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const name = graph.node(
    'Concat',
    parts.map((part) => part.name),
    { axis },
  );
  const result = { name, shape: first.shape.with(axis, size), layout: 'as_written' } as const;
  conversion.define(operator, activated(conversion, operator, 1, result));
}

/** STRIDED_SLICE of the whole: what the models have of it only copies. */
export function wholeSlice(conversion: Conversion, operator: TfliteOperator): void {
  const input = conversion.value(operator, 0, 'as_written');
  const [begin, end, strides] = [1, 2, 3].map((index) => conversion.integers(operator, index));
  const masks = [0, 1, 2, 3, 4].map((field) => operator.options?.int32(field) ?? 0);
  const isWhole =
    begin!.length === input.shape.length &&
    begin!.every((start) => start === 0) &&
    end!.join() === input.shape.join() &&
    strides!.every((stride) => stride === 1) &&
    masks.every((mask) => mask === 0);
  if (!isWhole) conversion.refuse(operator, 'the range', { begin, end, strides, masks }, 'the whole input');
  conversion.define(operator, input);
}
