import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  appearanceEvidence,
  appearanceProbabilities,
  parseAppearanceClassifier,
} from '../../../src/learner/appearance/appearance_classifier.js';

const FEATURES = 256;
const row = (at: number, value: number) => Array.from({ length: FEATURES }, (_, i) => (i === at ? value : 0));
/** Feature 0 speaks for Happy, feature 1 for Fear. */
const CLASSIFIER = { classes: ['Happy', 'Fear'], weights: [row(0, 2), row(1, 3)], bias: [0, 1] };
const seen = Float32Array.from(row(0, 1.5));

describe('appearanceProbabilities', () => {
  it('are the softmax of what the features add up to', () => {
    const [happy, fear] = appearanceProbabilities(seen, CLASSIFIER);
    assert.ok(Math.abs(happy! - 1 / (1 + Math.exp(1 - 3))) < 1e-12);
    assert.ok(Math.abs(happy! + fear! - 1) < 1e-12);
  });

  it('refuse features that are not as many as the weights', () => {
    assert.throws(
      () => appearanceProbabilities(new Float32Array(7), CLASSIFIER),
      /length of an Appearance is 7, expected 256/,
    );
  });
});

describe('appearanceEvidence', () => {
  it("goes by the names of the model's classes, and is silent about one that pixels do not tell", () => {
    const [happy, fear] = appearanceProbabilities(seen, CLASSIFIER);
    const model = { classifier: CLASSIFIER, landmarks_power: 0.5 };
    const { likelihoods, power } = appearanceEvidence(seen, ['Fear', 'Contempt', 'Happy'], model)!;
    assert.deepEqual(likelihoods, [fear, null, happy]);
    assert.equal(power, 0.5);
  });

  it('leaves landmarks the more, the more the face that they are compared with is the own one', () => {
    const model = { classifier: CLASSIFIER, landmarks_power: 0.4 };
    const powers = [0, 0.5, 1].map((own) => appearanceEvidence(seen, ['Happy'], model, own)!.power);
    [0.4, 0.7, 1].forEach((power, i) => void assert.ok(Math.abs(powers[i]! - power) < 1e-12));
  });

  it('is none where nobody looked, or the model does not go by pixels', () => {
    const model = { classifier: CLASSIFIER, landmarks_power: 0.5 };
    for (const nothing of [null, undefined]) assert.equal(appearanceEvidence(nothing, ['Happy'], model), undefined);
    assert.equal(appearanceEvidence(seen, ['Happy'], null), undefined);
  });
});

describe('parseAppearanceClassifier refuses', () => {
  const cases: [string, object, RegExp][] = [
    ['a class that is there twice', { classes: ['Happy', 'Happy'] }, /classes.*each class once.*a\.json/s],
    ['fewer rows than classes', { weights: [row(0, 1)] }, /weights.*a row of weights and a bias for each class/s],
    ['rows of another length', { weights: [row(0, 1), [1, 2]] }, /weights\.1.*256/s],
    ['an unknown key', { classifier: 'none' }, /unknown option classifier/],
  ];
  for (const [what, change, message] of cases) {
    it(what, () => {
      assert.throws(() => parseAppearanceClassifier({ ...CLASSIFIER, ...change }, 'a.json'), message);
    });
  }
});
