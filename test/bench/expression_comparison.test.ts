import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contenderReport, ratios } from '../../bench/expression_comparison.js';

const answers = (...names: (string | null)[]) => names.map((answer, i) => ({ answer, milliseconds: i + 1 }));

it('contenderReport counts missed faces and answers of other classes as wrong', () => {
  const labels = ['Happy', 'Happy', 'Happy', 'Sad', 'Sad'];
  const report = contenderReport(labels, answers('Happy', null, 'Contempt', 'Sad', 'Sad'), ['Happy', 'Sad', 'Fear']);
  const { recall, ...figures } = report;
  assert.deepEqual(recall, { Happy: 1 / 3, Sad: 1, Fear: null });
  assert.deepEqual(figures, {
    accuracy: 3 / 5,
    mean_recall: 2 / 3,
    faces_missed: 1,
    accuracy_of_found: 3 / 4,
    ms_per_still: 3,
  });
  const none = contenderReport(labels, answers(null, null, null, null, null), ['Happy', 'Sad']);
  assert.deepEqual([none.accuracy, none.mean_recall, none.accuracy_of_found, none.faces_missed], [0, 0, null, 5]);
  assert.deepEqual(ratios(report, none), { accuracy: null, mean_recall: null, ms_per_still: 1 });
  assert.equal(ratios(report, report).accuracy, 1);
});
