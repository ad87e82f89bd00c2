import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNetworkModel, writeOptimizedModel } from '../../src/learner/checkpoint/model_directory.js';
import { ExpressionClassifier } from '../../src/learner/expression_classifier.js';
import { exportedGraphBytes } from '../../src/learner/onnx/export_graph.js';
import { LANDMARKS } from '../../src/perception/landmarks/dlib_landmarks.js';
import { normalValues, relativeDifference } from '../support/networks.js';
import { UNTRAINED_AGES_SECONDS, writeUntrainedModel } from '../support/untrained_model.js';

describe('an optimized model', () => {
  for (const constantFolding of [false, true]) {
    it(`classifies as the one that it was made of, ${constantFolding ? 'folded' : 'not folded'}`, async () => {
      const { directory, name, remove } = await writeUntrainedModel();
      const model = await readNetworkModel(directory, name);
      const bytes = await exportedGraphBytes(model.state, model.params, { constantFolding });
      await writeOptimizedModel(directory, 'optimized', bytes, model.params, {});
      const windows = normalValues(2 * UNTRAINED_AGES_SECONDS.length * LANDMARKS * 2, 3);
      const [original, optimized] = await Promise.all(
        [name, 'optimized'].map(async (which) => {
          const classifier = await ExpressionClassifier.load({ directory, name: which, device: 'cpu', threads: 1 });
          const answers = [
            ...(await classifier.classify(windows, 2, { mcdoRepeats: 0 })),
            ...(await classifier.classify(windows, 2, { mcdoRepeats: 20, seed: 1 })),
          ];
          await classifier.release();
          return answers.flatMap(({ logits, mean, std }) => [...logits, ...mean, ...std]);
        }),
      );
      assert.ok(relativeDifference(optimized!, original!) < 1e-5);
      await remove();
    });
  }
});
