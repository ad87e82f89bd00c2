import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recent, timesOf } from '../../../src/view/browser/statistics.js';
import type { ViewAnswer, ViewFace } from '../../../src/view/protocol.js';

function answer(stampSeconds: number, latencyMilliseconds?: number, inferenceMilliseconds = 5): ViewAnswer {
  if (latencyMilliseconds === undefined) return { stampSeconds, faces: [] };
  const face: ViewFace = {
    trackId: 1,
    category: 'Happy',
    categoryIndex: 0,
    confidence: 1,
    classes: [],
    predictiveEntropy: 0,
    mutualInformation: 0,
    repeats: 1,
    box: { x: 0, y: 0, width: 1, height: 1 },
    landmarks: [],
    perceptionMilliseconds: 1,
    inferenceMilliseconds,
    latencyMilliseconds,
  };
  return { stampSeconds, faces: [face, face] };
}

describe('timesOf', () => {
  it('gives the rate by stamps, medians and 99th percentiles', () => {
    const answers = Array.from({ length: 201 }, (_, i) => answer(i / 20, i));
    const { rateHertz, latency, perception } = timesOf(answers);
    assert.ok(Math.abs(rateHertz - 20) < 1e-9);
    assert.deepEqual(latency, { median: 100, high: 198 });
    assert.deepEqual(perception, { median: 1, high: 1 });
  });

  it('leaves out what there was not', () => {
    assert.deepEqual(timesOf([]), { rateHertz: 0, perception: undefined, inference: undefined, latency: undefined });
    assert.equal(timesOf([answer(0), answer(1)]).latency, undefined);
    assert.equal(timesOf([answer(0, 3, 0), answer(1, 4, 0)]).inference, undefined);
  });
});

describe('recent', () => {
  const stamps = (answers: readonly ViewAnswer[]) => answers.map(({ stampSeconds }) => stampSeconds);

  it('keeps the last seconds', () => {
    assert.deepEqual(
      stamps(
        recent(
          [1, 2, 3, 4, 5].map((stamp) => answer(stamp)),
          2,
        ),
      ),
      [3, 4, 5],
    );
    assert.deepEqual(recent([], 2), []);
  });

  it('begins anew where stamps go back', () => {
    assert.deepEqual(
      stamps(
        recent(
          [8, 9, 1, 2].map((stamp) => answer(stamp)),
          30,
        ),
      ),
      [1, 2],
    );
  });
});
