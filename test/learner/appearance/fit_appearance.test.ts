import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appearanceProbabilities } from '../../../src/learner/appearance/appearance_classifier.js';
import { type AppearanceSamples, fitAppearance } from '../../../src/learner/appearance/fit_appearance.js';
import { argmax } from '../../../src/learner/evaluation/classification_report.js';
import { normalValues } from '../../support/networks.js';

const SIZE = 8;
const DECAYS = { decay: 0.001, ownDecay: 0.01 };

/**
 * Faces whose class is the feature that is largest, of as many features as there are names; the last feature tells the kind.
 *
 * @param counts of faces of each name
 */
function samples(counts: Readonly<Record<string, number>>, kind: number, seed: number, share = 1): AppearanceSamples {
  const order = ['Happy', 'Sad', 'Fear'];
  const classes = Object.entries(counts).flatMap(([name, count]) => new Array<string>(count).fill(name));
  const noise = normalValues(classes.length * SIZE, seed);
  const features = classes.map((name, face) => {
    const values = noise.slice(face * SIZE, (face + 1) * SIZE).map((value) => 5 + 0.7 * value);
    values[order.indexOf(name)]! += 3;
    values[SIZE - 1] = kind;
    return values;
  });
  return { features, classes, share };
}

const rightOf = ({ features, classes }: AppearanceSamples, classifier: ReturnType<typeof fitAppearance>) =>
  features.filter((face, at) => classifier.classes[argmax(appearanceProbabilities(face, classifier))] === classes[at])
    .length / features.length;

describe('fitAppearance', () => {
  it('learns classes from faces, and names those of others', () => {
    const classifier = fitAppearance([samples({ Happy: 90, Sad: 60, Fear: 30 }, 0, 1)], DECAYS);
    assert.deepEqual(classifier.classes, ['Happy', 'Sad', 'Fear']);
    assert.ok(rightOf(samples({ Happy: 100, Sad: 100, Fear: 100 }, 0, 2), classifier) > 0.95);
  });

  it('takes all classes for alike probable, however many faces they have', () => {
    const classifier = fitAppearance([samples({ Happy: 500, Sad: 20 }, 0, 3)], DECAYS);
    const undecided = new Float32Array(SIZE).fill(5);
    undecided[0] = 6.5;
    undecided[1] = 6.5;
    undecided[SIZE - 1] = 0;
    const [happy] = appearanceProbabilities(undecided, classifier);
    assert.ok(Math.abs(happy! - 0.5) < 0.2, `${happy}`);
  });

  it('knows a class of which the first kind has no faces by the other kinds', () => {
    const first = samples({ Happy: 100, Sad: 100 }, 0, 4);
    const classifier = fitAppearance([first, samples({ Happy: 50, Sad: 50, Fear: 50 }, 1, 5, 0.3)], DECAYS);
    assert.ok(rightOf(samples({ Fear: 200 }, 0, 6), classifier) > 0.8);
    assert.ok(rightOf(samples({ Happy: 100, Sad: 100 }, 0, 7), classifier) > 0.9);
  });

  it('goes by the first kind where the kinds contradict each other', () => {
    const first = samples({ Happy: 100, Sad: 100 }, 0, 8);
    const swapped = samples({ Happy: 100, Sad: 100 }, 1, 9);
    const contrary = { ...swapped, classes: swapped.classes.map((name) => (name === 'Happy' ? 'Sad' : 'Happy')) };
    assert.ok(rightOf(samples({ Happy: 100, Sad: 100 }, 0, 10), fitAppearance([first, contrary], DECAYS)) > 0.95);
  });

  it('has smaller weights with more decay', () => {
    const norm = (decay: number) => {
      const { weights } = fitAppearance([samples({ Happy: 50, Sad: 50 }, 0, 11)], { decay, ownDecay: decay });
      return Math.hypot(...weights.flat());
    };
    assert.ok(norm(1) < norm(0.1) / 2 && norm(0.1) < norm(0.01));
  });

  it('begins with a share of given weights, and keeps them where faces say nothing else', () => {
    const layer = {
      classes: ['Fear', 'Happy'],
      weights: [new Array<number>(SIZE).fill(2), new Array<number>(SIZE).fill(0)],
      bias: [3, 1],
    };
    const kinds = [samples({ Happy: 3, Sad: 3, Fear: 3 }, 0, 13)];
    const strict = { decay: 1e5, ownDecay: 1e5 };
    const { classes, weights, bias } = fitAppearance(kinds, strict, { layer, share: 0.5 });
    assert.deepEqual(classes, ['Happy', 'Sad', 'Fear']);
    [0, 0, 1].forEach((value, k) => {
      for (const weight of weights[k]!) assert.ok(Math.abs(weight - value) < 1e-3, `${classes[k]}: ${weight}`);
    });
    assert.ok(bias.every(Number.isFinite));
    const loose = fitAppearance([samples({ Happy: 90, Sad: 60, Fear: 30 }, 0, 14)], DECAYS, { layer, share: 0.5 });
    assert.ok(rightOf(samples({ Happy: 100, Sad: 100, Fear: 100 }, 0, 15), loose) > 0.95);
  });

  const faces = samples({ Happy: 2, Sad: 2 }, 0, 12);
  const cases: [string, AppearanceSamples[], object, RegExp][] = [
    ['no kinds', [], {}, /the kinds of faces is 0, expected 1 or more/],
    ['a kind of one class', [faces, samples({ Sad: 3 }, 1, 1)], {}, /the classes of kind 1 is 1, expected 2 or more/],
    ['a share of nothing', [{ ...faces, share: 0 }], {}, /the share of kind 0 is 0/],
    ['a decay of nothing', [faces], { ownDecay: 0 }, /ownDecay is 0, expected a number above 0/],
    [
      'features of several lengths',
      [{ ...faces, features: [...faces.features.slice(1), new Float32Array(3)] }],
      {},
      /the features of kind 0.*4 of 8 values/,
    ],
  ];
  for (const [what, kinds, change, message] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(() => fitAppearance(kinds, { ...DECAYS, ...change }), message);
    });
  }
});
