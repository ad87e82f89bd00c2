import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageReport } from '../../src/experiments/image_report.js';
import { evaluationReport } from '../../src/learner/evaluation/evaluation_report.js';
import { estimatesOf } from '../../src/learner/inference/expression_estimate.js';

const classes = ['Angry', 'Happy', 'Sad'];
const noFace = { file: 'a.jpg', reason: 'no face' };

describe('the report on images', () => {
  it('counts samples without a face as wrong, and tells the others beside', () => {
    // Happy: right, missed; Angry: right, wrong as Happy, missed; no Sad.
    const labels = [1, 1, 0, 0, 0];
    const missed = [null, noFace, null, null, { file: 'b.jpg', reason: 'broken' }];
    const found = evaluationReport(
      [1, 0, 0],
      estimatesOf(Float32Array.of(0, 9, 0, 9, 0, 0, 0, 9, 0), 3, classes, 0, 1),
      classes,
    );
    const report = imageReport(labels, missed, found, classes);
    assert.equal(report.samples, 5);
    assert.equal(report.faces_missed, 2);
    assert.equal(report.accuracy, 2 / 5);
    assert.deepEqual(report.recall, [1 / 3, 1 / 2, null]);
    assert.ok(Math.abs(report.mean_recall - (1 / 3 + 1 / 2) / 2) < 1e-12);
    assert.deepEqual(report.faces_missed_by_class, [1, 1, 0]);
    assert.deepEqual(report.confusion, [
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    assert.equal(report.found!.accuracy, 2 / 3);
    assert.equal(report.found!.mean_recall, 3 / 4);
    assert.deepEqual(
      report.missed.map(({ file }) => file),
      ['a.jpg', 'b.jpg'],
    );
  });

  it('is nought where no face was found at all', () => {
    const report = imageReport([2, 2], [noFace, noFace], null, classes);
    assert.deepEqual([report.accuracy, report.mean_recall, report.faces_missed, report.found], [0, 0, 2, null]);
    assert.deepEqual(report.recall, [null, null, 0]);
  });
});
