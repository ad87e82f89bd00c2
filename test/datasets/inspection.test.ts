import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  countClasses,
  groupFindings,
  inspectFace,
  inspectParts,
  inspectSample,
  type LabelledPart,
} from '../../src/datasets/inspection.js';
import { drawnFace } from '../support/faces.js';

const kinds = (findings: readonly { kind: string }[]) => findings.map(({ kind }) => kind);

describe('the look at landmarks', () => {
  const size = { width: 200, height: 150 };

  it('finds nothing wrong with a face in its image', () => {
    assert.deepEqual(inspectFace(drawnFace(), 'f', size), []);
    assert.deepEqual(inspectFace(drawnFace(), 'f', null), []);
  });

  it('finds values that are no numbers, faces outside of the image, and points in one place', () => {
    const broken = drawnFace();
    broken[7] = Number.NaN;
    assert.deepEqual(kinds(inspectFace(broken, 'f', size)), ['nan']);
    const outside = drawnFace().map((value) => value + 120);
    assert.deepEqual(kinds(inspectFace(outside, 'f', size)), ['outside_image']);
    assert.deepEqual(inspectFace(outside, 'f', null), []);
    assert.deepEqual(kinds(inspectFace(new Float32Array(136).fill(3), 'f', size)), ['flat']);
  });

  it('finds samples that are no numbers, or nothing', () => {
    assert.deepEqual(kinds(inspectSample(Float32Array.of(1, Number.POSITIVE_INFINITY), 's')), ['nan']);
    assert.deepEqual(kinds(inspectSample(new Float32Array(9), 's')), ['flat']);
    assert.deepEqual(inspectSample(Float32Array.of(1, 2), 's'), []);
  });
});

describe('the look at data files', () => {
  const part = (split: 'train' | 'val', fold: number | null, names: string[], labels: number[]): LabelledPart => ({
    name: `${split} ${fold}`,
    split,
    fold,
    labels: Int32Array.from(labels),
    names,
  });

  it('finds nothing wrong with folds of other people', () => {
    const parts = [
      part('train', 0, ['a/x', 'a/y'], [0, 1]),
      part('val', 0, ['b/x', 'b/y'], [0, 1]),
      part('train', 1, ['b/x', 'b/y'], [0, 1]),
      part('val', 1, ['a/x', 'a/y'], [0, 1]),
    ];
    assert.deepEqual(inspectParts(parts, ['x', 'y']), []);
    assert.deepEqual(inspectParts(parts, null), []);
  });

  it('finds a subject on both sides, a subject in two folds, and a sample on both sides', () => {
    const parts = [
      part('train', 0, ['a/x', 'b/y'], [0, 1]),
      part('val', 0, ['b/x', 'b/y'], [0, 1]),
      part('val', 1, ['b/x/2', 'c/y'], [0, 1]),
    ];
    const findings = inspectParts(parts, ['x', 'y']);
    assert.deepEqual(kinds(findings), ['sample_in_both', 'subject_in_both', 'subject_in_two_folds']);
    assert.equal(findings[2]!.of, 'b');
  });

  it('does not take the class of a clip for a subject', () => {
    const parts = [part('train', null, ['Happy/1'], [0]), part('val', null, ['Happy/2'], [0])];
    assert.deepEqual(inspectParts(parts, ['Happy']), []);
  });

  it('finds classes that a file lacks, and labels without a class', () => {
    const findings = inspectParts([part('train', null, ['a', 'b'], [0, 3])], ['x', 'y']);
    assert.deepEqual(kinds(findings), ['class_missing', 'unknown_label']);
    assert.match(findings[0]!.what, /y/);
  });

  it('puts together what is the same of several files', () => {
    const parts = [part('train', 0, ['a', 'b'], [0, 1]), part('val', 0, ['c'], [0]), part('val', 1, ['d'], [0])];
    assert.deepEqual(groupFindings(inspectParts(parts, ['x', 'y', 'z'])), [
      { kind: 'class_missing', what: 'no sample of z', of: ['all files'] },
      { kind: 'class_missing', what: 'no sample of y', of: ['val 0', 'val 1'] },
    ]);
  });

  it('counts classes in the order of their names', () => {
    assert.deepEqual(Object.entries(countClasses(['b', 'a', 'b'])), [
      ['a', 1],
      ['b', 2],
    ]);
  });
});
