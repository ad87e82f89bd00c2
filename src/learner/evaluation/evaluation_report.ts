import { InvalidInputError } from '../../errors.js';
import type { ExpressionEstimate } from '../inference/expression_estimate.js';
import { auroc } from './auroc.js';
import { type CalibrationBin, calibrationBins, expectedCalibrationError } from './calibration_bins.js';
import { type ClassificationReport, classificationReport } from './classification_report.js';
import { type CoveragePoint, coverageCurve } from './coverage_curve.js';
import { brierScore, crossEntropyLoss, negativeLogLikelihood } from './proper_scores.js';
import { topKAccuracy } from './top_k.js';

/** How well each measure of uncertainty tells wrong answers from right ones, as an AUROC; null where none, or all, are wrong. */
export interface UncertaintyAuroc {
  readonly predictive_entropy: number | null;
  readonly one_minus_confidence: number | null;
  readonly mutual_information: number | null;
  /** Of the standard deviation over the repeats of the answer's probability. */
  readonly answer_std: number | null;
}

/** How well estimates meet labels, and how well their probabilities and uncertainties say so. Ready for JSON. */
export interface EvaluationReport extends ClassificationReport {
  /** By k: share of samples whose label is among the k most probable classes. */
  readonly top_k: Readonly<Record<string, number>>;
  /** Mean cross entropy of the mean logits, without a temperature, as the reference reports it; nats. */
  readonly loss: number;
  /** Negative log likelihood of the mean probabilities, after the temperature; nats. */
  readonly nll: number;
  /** 0 to 2, summed over the classes. */
  readonly brier: number;
  readonly expected_calibration_error: number;
  /** 15 bins of equal width over the confidence. */
  readonly calibration_bins: readonly CalibrationBin[];
  readonly uncertainty_auroc: UncertaintyAuroc;
  /** Accuracy over the share of answers kept, the least certain (by predictive entropy) left out first. */
  readonly coverage_curve: readonly CoveragePoint[];
  readonly area_under_risk_coverage: number;
}

export interface EvaluationReportOptions {
  /** The k of `top_k`; the reference's default is [1, 5]. */
  readonly showTopk?: readonly number[];
}

/**
 * Everything that is measured of a model's answers to labelled samples.
 *
 * @param labels (N): class indices
 * @param estimates (N)
 * @param classes (K): names, in the order of the indices
 * @throws InvalidInputError for no samples, another number of estimates, a label that is no class, or a k below 1
 */
export function evaluationReport(
  labels: ArrayLike<number>,
  estimates: readonly ExpressionEstimate[],
  classes: readonly string[],
  { showTopk = [1, 5] }: EvaluationReportOptions = {},
): EvaluationReport {
  checkLabels(labels, estimates.length, classes.length);
  const answers = estimates.map(({ categoryIndex }) => categoryIndex);
  const right = answers.map((answer, sample) => answer === labels[sample]);
  const wrong = right.map((isRight) => !isRight);
  const probabilities = estimates.map(({ mean }) => mean);
  const bins = calibrationBins(
    estimates.map(({ confidence }) => confidence),
    right,
  );
  const entropies = estimates.map(({ predictiveEntropy }) => predictiveEntropy);
  const { points, area_under_risk_coverage } = coverageCurve(entropies, right);
  const aurocOf = (uncertainty: (estimate: ExpressionEstimate) => number) => auroc(estimates.map(uncertainty), wrong);
  return {
    ...classificationReport(labels, answers, classes),
    top_k: Object.fromEntries(showTopk.map((k) => [k, topKAccuracy(labels, probabilities, k)])),
    loss: crossEntropyLoss(
      labels,
      estimates.map(({ logits }) => logits),
    ),
    nll: negativeLogLikelihood(labels, probabilities),
    brier: brierScore(labels, probabilities),
    expected_calibration_error: expectedCalibrationError(bins),
    calibration_bins: bins,
    uncertainty_auroc: {
      predictive_entropy: auroc(entropies, wrong),
      one_minus_confidence: aurocOf(({ confidence }) => 1 - confidence),
      mutual_information: aurocOf(({ mutualInformation }) => mutualInformation),
      answer_std: aurocOf(({ std, categoryIndex }) => std[categoryIndex]!),
    },
    coverage_curve: points,
    area_under_risk_coverage,
  };
}

function checkLabels(labels: ArrayLike<number>, estimates: number, classes: number): void {
  const origin = 'the evaluation';
  if (labels.length === 0) throw new InvalidInputError('the number of samples', 0, '1 or more', origin);
  if (labels.length !== estimates) {
    throw new InvalidInputError('the number of estimates', estimates, `${labels.length}, one a label`, origin);
  }
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new InvalidInputError(`label ${sample}`, label, `a class index, 0 to ${classes - 1}`, origin);
    }
  }
}
