import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { loadTensorFlow } from '../../../src/learner/tensorflow/load_tensorflow.js';
import { testAgreement } from '../../support/engine_agreement.js';
import { builtPlace } from '../../support/tensorflow_places.js';

const place = builtPlace('gpu');

if (place !== null) testAgreement('@tensorflow/tfjs-node-gpu', [place]);

describe('TensorFlow.js on libtensorflow for a GPU', {
  skip: place === null && 'needs it: npm run setup:tensorflow -- --gpu',
}, () => {
  it('runs on the GPU, or says that it sees none', async () => {
    const outcome = await loadTensorFlow('cuda', 1, '--device', [place!]).then(
      ({ description }) => description,
      (error: unknown) => error,
    );
    if (typeof outcome === 'string') assert.match(outcome, /tfjs-node-gpu .* on cuda/);
    else {
      assert.ok(outcome instanceof InvalidInputError, String(outcome));
      assert.match(
        outcome.message,
        /^device is "cuda", expected a GPU that TensorFlow .*NVIDIA driver.*\(from --device\)$/,
      );
    }
  });
});
