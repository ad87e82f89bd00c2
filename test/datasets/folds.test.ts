import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { subjectIndependentFolds } from '../../src/datasets/folds.js';
import { readLandmarkTree } from '../../src/datasets/landmark_tree.js';
import { NO_SHARED_DATA, sharedData } from '../support/folders.js';

describe('subject-independent folds', () => {
  const subjects = Array.from({ length: 60 }, (_, i) => `S${Math.floor(i / 3)}`);
  const categories = Array.from({ length: 60 }, (_, i) => ['Angry', 'Happy', 'Sad'][i % 3]!);

  it('keep each subject in one fold, and folds of equal size', () => {
    const folds = subjectIndependentFolds(subjects, categories, 10, 0);
    const foldOfSubject = new Map<string, number>();
    subjects.forEach((subject, i) => {
      assert.equal(foldOfSubject.get(subject) ?? folds[i], folds[i]);
      foldOfSubject.set(subject, folds[i]!);
    });
    const sizes = Array.from({ length: 10 }, (_, fold) => folds.filter((value) => value === fold).length);
    assert.deepEqual(sizes, new Array(10).fill(6));
  });

  it('follow from the seed', () => {
    const of = (seed: number) => subjectIndependentFolds(subjects, categories, 5, seed);
    assert.deepEqual(of(3), of(3));
    assert.notDeepEqual(of(3), of(4));
  });

  it('refuse more folds than subjects', () => {
    assert.throws(() => subjectIndependentFolds(['a', 'b'], ['x', 'y'], 3, 0), /folds is 3, expected .* 2 subjects/);
  });

  const tree = sharedData('ckplus_landmarks');
  it('of CK+ are even in size and in classes', { skip: tree === null && NO_SHARED_DATA }, () => {
    const sequences = readLandmarkTree(tree!);
    const folds = subjectIndependentFolds(
      sequences.map(({ subject }) => subject),
      sequences.map(({ category }) => category),
      10,
      0,
    );
    const sizes = Array.from({ length: 10 }, (_, fold) => folds.filter((value) => value === fold).length);
    assert.ok(Math.min(...sizes) >= 23 && Math.max(...sizes) <= 29, sizes.join());
    for (const category of ['Happy', 'Surprise', 'Disgust']) {
      const counts = sizes.map(
        (_, fold) => sequences.filter((s, i) => s.category === category && folds[i] === fold).length,
      );
      assert.ok(Math.min(...counts) >= 2, `${category}: ${counts}`);
    }
  });
});
