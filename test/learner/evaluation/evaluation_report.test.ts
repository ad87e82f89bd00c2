import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidInputError } from '../../../src/errors.js';
import { evaluationReport } from '../../../src/learner/evaluation/evaluation_report.js';
import { estimatesOf } from '../../../src/learner/inference/expression_estimate.js';
import { SeededRandom } from '../../../src/learner/random/seeded_random.js';
import { LABELS, near, PROBABILITIES } from './fixed_answers.js';

const classes = ['a', 'b', 'c'];

/** Estimates of one pass without dropout that has these probabilities. */
function estimatesWith(probabilities: readonly (readonly number[])[]) {
  const logits = Float32Array.from(probabilities.flat(), Math.log);
  return estimatesOf(logits, probabilities.length, classes, 0, 1);
}

describe('an evaluation report', () => {
  it("has scikit-learn's figures", () => {
    const report = evaluationReport(LABELS, estimatesWith(PROBABILITIES), classes, { showTopk: [1, 2, 5] });
    assert.equal(report.accuracy, 0.625);
    assert.ok(near(report.mean_recall, 0.6111111111));
    assert.deepEqual(report.top_k, { 1: 0.625, 2: 0.875, 5: 1 });
    assert.ok(near(report.nll, 0.7302496) && near(report.loss, 0.7302496));
    assert.ok(near(report.brier, 0.431875));
    assert.ok(near(report.uncertainty_auroc.predictive_entropy, 2 / 3));
    assert.ok(near(report.uncertainty_auroc.one_minus_confidence, 0.7666666667));
    assert.ok(near(report.area_under_risk_coverage, 0.2233630952));
    assert.equal(report.uncertainty_auroc.mutual_information, 0.5, 'one pass has none, so it tells nothing');
    assert.equal(report.uncertainty_auroc.answer_std, 0.5);
  });

  it('does not depend on the order of the samples', () => {
    const order = new SeededRandom(2).shuffle([...LABELS.keys()]);
    const report = evaluationReport(LABELS, estimatesWith(PROBABILITIES), classes);
    const shuffled = evaluationReport(
      order.map((sample) => LABELS[sample]!),
      estimatesWith(order.map((sample) => PROBABILITIES[sample]!)),
      classes,
    );
    assert.deepEqual(rounded(shuffled), rounded(report));
  });

  it('survives JSON, all right and all wrong alike', () => {
    const sure = [
      [1, 1e-30, 1e-30],
      [1e-30, 1, 1e-30],
    ];
    for (const labels of [
      [0, 1],
      [1, 2],
    ]) {
      const report = evaluationReport(labels, estimatesWith(sure), classes);
      assert.equal(report.uncertainty_auroc.predictive_entropy, null);
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
      assert.equal(report.expected_calibration_error, 1 - report.accuracy);
    }
  });

  it('takes the loss from the mean logits and the likelihood from the mean probabilities under the temperature', () => {
    const logits = Float32Array.of(8, 0, 0, 0, 8, 0);
    const report = evaluationReport([0], estimatesOf(logits, 1, classes, 2, 4), classes);
    const one = (x: number, y: number) => Math.exp(x) / (Math.exp(x) + Math.exp(y) + 1);
    assert.ok(near(report.loss, -Math.log(one(4, 4))));
    assert.ok(near(report.nll, -Math.log((one(2, 0) + one(0, 2)) / 2)));
  });

  it('refuses no samples, too few estimates and labels that are no class', () => {
    const estimates = estimatesWith(PROBABILITIES);
    assert.throws(() => evaluationReport([], [], classes), InvalidInputError);
    assert.throws(() => evaluationReport([0], estimates, classes), /number of estimates is 8, expected 1/);
    const labels = Int32Array.from(LABELS);
    labels[3] = 3;
    assert.throws(() => evaluationReport(labels, estimates, classes), /label 3 is 3, expected a class index, 0 to 2/);
  });
});

/** Sums in another order differ in their last bits. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part) => (typeof part === 'number' ? Number(part.toFixed(12)) : part));
}
