import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignedSamples, centredSamples, foldParts } from '../../src/datasets/fold_samples.js';
import { viewSamples } from '../../src/datasets/view_samples.js';
import { drawnSequence } from '../support/faces.js';

const times = { ages_seconds: [1, 0.1, 0], sequence_frames: [0, -2, -1] };
const windows = [1, 2, 0.5].map((size, i) => ({
  name: `S${i}/Surprise`,
  window: drawnSequence(3).map((value) => size * value + 7 * i),
  label: i % 2,
}));

describe('samples of sequences', () => {
  it('that are aligned are what a live window becomes by the description', () => {
    for (const points of ['inner', 'all'] as const) {
      const { samples, window } = alignedSamples(windows, points, 'steady', times);
      const views = windows.map((of) => ({ ...of, extractor: null, ownNeutral: null }));
      const live = viewSamples(views, window!.features, 3);
      assert.deepEqual(Float32Array.from(samples.flatMap(({ data }) => [...data])), live.data);
      assert.deepEqual(window!.ages_seconds, times.ages_seconds);
      // The size of a face does not matter.
      samples[0]!.data.forEach((value, i) => {
        assert.ok(Math.abs(value - samples[1]!.data[i]!) < 1e-4);
      });
    }
  });

  it('that are centred keep their size, and no live window becomes one', () => {
    const { samples, window } = centredSamples(windows, 'inner');
    assert.equal(window, null);
    samples[0]!.data.forEach((value, i) => {
      assert.ok(Math.abs(2 * value - samples[1]!.data[i]!) < 1e-3);
    });
  });

  it('are in the training data of all folds but their own', () => {
    const { samples } = centredSamples(windows, 'inner');
    const parts = foldParts(samples, [1, 0, 1], 2);
    assert.deepEqual(
      parts.map(({ part, samples: of }) => [part.dataFilename, of.map(({ name }) => name[1])]),
      [
        ['_train_0.npy', ['0', '2']],
        ['_val_0.npy', ['1']],
        ['_train_1.npy', ['1']],
        ['_val_1.npy', ['0', '2']],
      ],
    );
  });
});
