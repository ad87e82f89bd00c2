import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { softmax } from '../../../src/learner/inference/softmax.js';
import { classLogits } from '../../../src/learner/network/class_logits.js';
import { parseNetworkShape } from '../../../src/learner/network/network_shape.js';
import { normalValues, smallShape } from '../../support/networks.js';

const probabilities = (logits: Float32Array, start: number, count: number) => {
  const values = new Float64Array(count);
  softmax(logits.subarray(start, start + count), 0, 1, values);
  return values;
};

describe('logits of classes with several outputs', () => {
  const shape = smallShape({ numClass: 3, classOfOutput: [0, 1, 2, 1, 1] });

  it("give each class the sum of its outputs' probabilities", () => {
    const given = normalValues(4 * 5, 3).map((value) => 40 * value);
    const merged = classLogits(given, shape);
    assert.equal(merged.length, 4 * 3);
    for (let row = 0; row < 4; row++) {
      const [a, b, c, d, e] = probabilities(given, row * 5, 5);
      const expected = [a!, b! + d! + e!, c!];
      probabilities(merged, row * 3, 3).forEach((p, k) => void assert.ok(Math.abs(p - expected[k]!) < 1e-5));
    }
  });

  it('are the logits themselves where each class has one output', () => {
    const given = normalValues(6, 1);
    assert.deepEqual(classLogits(given, smallShape({ numClass: 3 })), given);
  });

  it('are refused where a class has no output, or an output no class', () => {
    for (const classOfOutput of [
      [0, 1, 1],
      [0, 1, 2, 3],
    ]) {
      assert.throws(
        () => parseNetworkShape(smallShape({ numClass: 3, classOfOutput }), 'the test'),
        (error) =>
          error instanceof InvalidInputError && /classOfOutput.*0 to 2, each at least once/.test(error.message),
      );
    }
  });
});
