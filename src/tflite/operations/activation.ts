import type { Conversion, Value } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';

const NONE = 0;
const RELU = 1;

export function relu(conversion: Conversion, operator: TfliteOperator): void {
  const input = conversion.value(operator, 0);
  conversion.define(operator, { ...input, name: conversion.graph.node('Relu', [input.name]) });
}

/** Applies the activation that an operator has built in. */
export function activated(conversion: Conversion, operator: TfliteOperator, field: number, value: Value): Value {
  const activation = operator.options?.int8(field) ?? NONE;
  if (activation === NONE) return value;
  if (activation !== RELU) conversion.refuse(operator, 'the activation', activation, '0 (none) or 1 (RELU)');
  return { ...value, name: conversion.graph.node('Relu', [value.name]) };
}
