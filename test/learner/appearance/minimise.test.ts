import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minimise } from '../../../src/learner/appearance/minimise.js';

describe('minimise', () => {
  it('finds the minimum of a quadratic whose axes differ a thousandfold', () => {
    const scales = [1000, 30, 1, 0.5];
    const target = [3, -2, 7, 0.25];
    const found = minimise(
      (point, gradient) =>
        scales.reduce((sum, scale, i) => {
          gradient[i] = 2 * scale * (point[i]! - target[i]!);
          return sum + scale * (point[i]! - target[i]!) ** 2;
        }, 1),
      new Float64Array(4),
      100,
      0,
    );
    found.forEach((value, i) => void assert.ok(Math.abs(value - target[i]!) < 1e-6, `${i}: ${value}`));
  });

  it('finds it where the slope promises more than steps bring', () => {
    // log(cosh x): flat far out, so that a step by the gradient's curvature there goes much too far.
    const objective = ([x]: Float64Array, gradient: Float64Array) => {
      gradient[0] = Math.tanh(x!);
      return Math.log(Math.cosh(x!));
    };
    const [x] = minimise(objective, Float64Array.of(9), 50, 0);
    assert.ok(Math.abs(x!) < 1e-6, `${x}`);
  });

  it('leaves the start as it is, and ends where nothing is to be gained', () => {
    const start = Float64Array.of(1);
    let calls = 0;
    const objective = ([x]: Float64Array, gradient: Float64Array) => {
      calls++;
      gradient[0] = 2 * x!;
      return x! ** 2;
    };
    assert.ok(Math.abs(minimise(objective, start, 100)[0]!) < 1e-3);
    assert.deepEqual([...start], [1]);
    assert.ok(calls < 20, `${calls} calls`);
    assert.deepEqual([...minimise(objective, Float64Array.of(0), 100)], [0]);
  });
});
