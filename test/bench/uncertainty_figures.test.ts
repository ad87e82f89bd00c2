import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type DegradedAnswer, uncertaintyFigures } from '../../bench/uncertainty_figures.js';

function answered(face: string, kind: string, category: string | null, entropy: number): DegradedAnswer {
  const figures = { confidence: 0.75, predictiveEntropy: entropy, mutualInformation: 0.1, reliability: 0.5 };
  return { face, kind, strength: '1', answer: category === null ? null : { category, ...figures } };
}

it('uncertaintyFigures lays conditions beside the clean faces', () => {
  const { conditions, auroc } = uncertaintyFigures([
    answered('a', 'clean', 'Happy', 0.2),
    answered('b', 'clean', 'Sad', 0.6),
    answered('a', 'small', 'Happy', 0.3),
    answered('b', 'small', 'Happy', 0.5),
    answered('a', 'dark', null, 0),
    answered('b', 'dark', null, 0),
  ]);
  assert.deepEqual(
    conditions.map(({ kind, faces, found, agreement, gap }) => ({ kind, faces, found, agreement, gap })),
    [
      { kind: 'clean', faces: 2, found: 1, agreement: 1, gap: -0.25 },
      { kind: 'small', faces: 2, found: 1, agreement: 0.5, gap: 0.25 },
      { kind: 'dark', faces: 2, found: 0, agreement: null, gap: null },
    ],
  );
  // The one changed answer (0.5) is less certain than one of the two clean ones.
  assert.deepEqual(auroc, { all: 0.5, small: 0.5, dark: null });
});
