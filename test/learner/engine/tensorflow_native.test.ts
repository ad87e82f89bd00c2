import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import util from 'node:util';
import { InvalidInputError } from '../../../src/errors.js';
import { loadTensorFlow } from '../../../src/learner/tensorflow/load_tensorflow.js';
import { testAgreement } from '../../support/engine_agreement.js';
import { builtPlace, NO_LIBTENSORFLOW, PLAIN_PLACES } from '../../support/tensorflow_places.js';

const place = builtPlace('cpu');

// As Node 23 is: tfjs-node calls them.
const helpers = util as unknown as Record<string, unknown>;
delete helpers.isNullOrUndefined;
delete helpers.isArray;

if (place !== null) testAgreement('@tensorflow/tfjs-node', [place]);

describe('TensorFlow.js on libtensorflow', { skip: place === null && NO_LIBTENSORFLOW }, () => {
  it('goes before plain TensorFlow.js, and says what it is', async () => {
    const runtime = await loadTensorFlow('auto', 1, 'the test', [...PLAIN_PLACES, place!]);
    assert.match(
      runtime.description,
      /^tensorflow 2\.\d+\.\d+ \(@tensorflow\/tfjs-node 4\.\d+\.\d+\) on cpu \(chosen by auto\), 1 thread$/,
    );
  });

  it('works where Node lacks the helpers that tfjs-node calls', async () => {
    const runtime = await loadTensorFlow('cpu', 1, 'the test', [place!]);
    const largest = runtime.tidy((tf) => Array.from(tf.topk([1, 5, 3], 2).values.dataSync()));
    assert.deepEqual(largest, [5, 3]);
  });
});

describe('TensorFlow.js on libtensorflow for a GPU', { skip: builtPlace('gpu') === null && NO_LIBTENSORFLOW }, () => {
  it('is another library than the one that this process has, and says so', { skip: place === null }, async () => {
    await assert.rejects(loadTensorFlow('cuda', 1, 'the test', [builtPlace('gpu')!]), (error: unknown) => {
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, /loaded already/);
      return true;
    });
  });
});
