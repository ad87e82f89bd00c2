import type { Conversion, Value } from '../conversion.js';
import type { TfliteOperator } from '../tflite_model.js';
import { activated } from './activation.js';

export function add(conversion: Conversion, operator: TfliteOperator): void {
  combine(conversion, operator, 'Add');
}

export function multiply(conversion: Conversion, operator: TfliteOperator): void {
  combine(conversion, operator, 'Mul');
}

/** Two computed tensors of one shape, or one and a constant: a scalar, or of the same shape. */
function combine(conversion: Conversion, operator: TfliteOperator, name: 'Add' | 'Mul'): void {
  const left = conversion.value(operator, 0);
  const right = conversion.isConstant(operator, 1)
    ? constantOperand(conversion, operator, left)
    : conversion.value(operator, 1, left.layout);
  if (right.shape.join() !== left.shape.join()) {
    conversion.refuse(operator, 'the shape of input 1', right.shape, `(${left.shape.join(', ')})`);
  }
  const result = { ...left, name: conversion.graph.node(name, [left.name, right.name]) };
  conversion.define(operator, activated(conversion, operator, 0, result));
}

function constantOperand(conversion: Conversion, operator: TfliteOperator, left: Value): Value {
  const { graph } = conversion;
  const { shape, values } = conversion.constant(operator, 1);
  const isScalar = values.length === 1;
  if (!isScalar && left.layout !== 'as_written') {
    conversion.refuse(operator, 'the shape of the constant', shape, 'a scalar');
  }
  const name = graph.initializer(graph.freshName('constant'), values, isScalar ? [] : shape);
  return { name, shape: isScalar ? left.shape : shape, layout: left.layout };
}
