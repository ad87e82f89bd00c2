import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  balancedWeights,
  type HeldOutGroup,
  heldOutGroupReports,
  heldOutGroupsText,
} from '../../src/experiments/held_out_groups.js';
import { evaluationReport } from '../../src/learner/evaluation/evaluation_report.js';
import { estimatesOf } from '../../src/learner/inference/expression_estimate.js';

const classes = ['Angry', 'Happy'];
const stills: HeldOutGroup = { source: 'stills', extractor: 'dlib', reference: 'mean' };
const own: HeldOutGroup = { source: 'sequences', extractor: 'dlib', reference: 'own' };
const mean: HeldOutGroup = { source: 'sequences', extractor: 'dlib', reference: 'mean' };

describe('balanced weights', () => {
  it('let stills, own and mean references count the same, over all answers', () => {
    const firstFrame: HeldOutGroup = { ...mean, source: 'first_frames', extractor: 'face_mesh' };
    const groups = [[stills, stills, stills, own], [stills, mean, firstFrame], []];
    const weights = balancedWeights(groups);
    assert.deepEqual(
      weights.map((all) => [...all]),
      [[7 / 12, 7 / 12, 7 / 12, 7 / 3], [7 / 12, 7 / 6, 7 / 6], []],
    );
  });

  it('are 1 where there is one kind', () => {
    assert.deepEqual([...balancedWeights([[own, own]])[0]!], [1, 1]);
    assert.deepEqual(balancedWeights([]), []);
  });
});

describe('the reports on held-out groups', () => {
  const groups = [stills, own, { ...stills }, mean, { ...own }];
  const labels = [0, 1, 1, 0, 0];
  // Angry, Happy, Angry, Angry, Happy.
  const estimates = estimatesOf(Float32Array.of(5, 0, 0, 5, 3, 0, 1, 0, 0, 5), 5, classes, 0, 1);
  const reports = heldOutGroupReports(groups, labels, estimates, classes);

  it('gather what is of one kind, in a fixed order', () => {
    assert.deepEqual(
      reports.map(({ source, reference, samples }) => [source, reference, samples]),
      [
        ['sequences', 'mean', 1],
        ['sequences', 'own', 2],
        ['stills', 'mean', 2],
      ],
    );
  });

  it('say of each what an evaluation of its samples alone says', () => {
    const alone = evaluationReport([0, 1], [estimates[0]!, estimates[2]!], classes);
    const report = reports[2]!;
    assert.equal(report.accuracy, 0.5);
    assert.equal(report.mean_recall, 0.5);
    assert.deepEqual(report.recall, alone.recall);
    assert.equal(report.expected_calibration_error, alone.expected_calibration_error);
    assert.deepEqual(reports[0]!.recall, [1, null]);
  });

  it('are a table for people, a line each', () => {
    const [header, first, ...rest] = heldOutGroupsText(reports).split('\n');
    assert.match(header!, /^windows +reference +extractor +samples +accuracy +mean recall +calibration error$/);
    assert.match(first!, /^sequences +mean +dlib +1 +1\.000 +1\.000 +0\.\d{3}$/);
    assert.equal(rest.length, 2);
  });
});
