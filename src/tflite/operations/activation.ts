import type { Conversion, Value } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

const NONE = 0;
const RELU = 1;

export function relu(conversion: Conversion, operator: TfliteOperator): void {
  const input = conversion.value(operator, 0);
  conversion.define(operator, { ...input, name: conversion.graph.node('Relu', [input.name]) });
}

/** PRELU with one slope a channel, (1, 1, C). */
export function prelu(conversion: Conversion, operator: TfliteOperator): void {
  const { graph } = conversion;
  const input = conversion.value(operator, 0, 'channels_first');
  const slope = conversion.constant(operator, 1);
  const channels = input.shape[3]!;
  if (slope.values.length !== channels || slope.shape.at(-1) !== channels) {
    conversion.refuse(operator, 'the shape of the slopes', slope.shape, `(1, 1, ${channels})`);
  }
  const name = graph.node('PRelu', [
    input.name,
    graph.initializer(graph.freshName('slope'), slope.values, [channels, 1, 1]),
  ]);
  conversion.define(operator, { ...input, name });
}

/** Applies the activation that an operator has built in. */
export function activated(conversion: Conversion, operator: TfliteOperator, field: number, value: Value): Value {
  const activation = operator.options?.int8(field) ?? NONE;
  if (activation === NONE) return value;
  if (activation !== RELU) conversion.refuse(operator, 'the activation', activation, '0 (none) or 1 (RELU)');
  return { ...value, name: conversion.graph.node('Relu', [value.name]) };
}
