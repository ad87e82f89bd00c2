import { fitTemperature, type LabelledLogits } from '../learner/calibration/temperature.js';
import { type EvaluationReport, evaluationReport } from '../learner/evaluation/evaluation_report.js';
import { checkFiniteAnswers } from '../learner/evaluation/finite_answers.js';
import { type ExpressionEstimate, estimatesOf } from '../learner/inference/expression_estimate.js';
import type { FoldAnswers } from './fold.js';
import { balancedWeights, type HeldOutGroupReport, heldOutGroupReports } from './held_out_groups.js';

/** What a recipe is worth on people that it has not seen. */
export interface CrossValidation {
  /** Over the samples of all folds together, with each fold's temperature. */
  readonly report: EvaluationReport;
  readonly folds: readonly FoldReport[];
  /** By what the windows show, what found their landmarks and what they are compared with; empty where all is of one kind. */
  readonly groups: readonly HeldOutGroupReport[];
  /**
   * Fitted on the answers of all folds, stills, own and mean references counting the same: for a model that is trained on
   * all of them.
   */
  readonly temperature: number;
  readonly classes: readonly string[];
  /** The answers, fold after fold. */
  readonly estimates: readonly ExpressionEstimate[];
  readonly labels: Int32Array;
  readonly names: readonly string[];
}

export interface FoldReport {
  readonly fold: number;
  readonly samples: number;
  readonly accuracy: number;
  /** Fitted on the answers of the other folds, never on those of its own. */
  readonly temperature: number;
  readonly topology: readonly number[];
}

/**
 * Gathers the answers of all folds into one report.
 *
 * Each fold's probabilities are calibrated by a temperature that the other folds' answers gave, so that no sample's
 * label has to do with how sure its own answer is.
 *
 * @throws InvalidInputError where an answer is no finite number
 */
export function gatherFolds(answers: readonly FoldAnswers[], mcdoRepeats: number): CrossValidation {
  const { classes } = answers[0]!;
  const byFold = answers.map((fold) => {
    const temperature = foldsTemperature(answers.filter((other) => other !== fold));
    return {
      fold,
      temperature,
      estimates: estimatesOf(fold.logits, fold.labels.length, classes, mcdoRepeats, temperature),
    };
  });
  const labels = Int32Array.from(answers.flatMap((fold) => [...fold.labels]));
  const estimates = byFold.flatMap((entry) => entry.estimates);
  const groups = answers.flatMap((fold) => fold.groups ?? []);
  checkFiniteAnswers(estimates, "the folds' answers");
  return {
    classes,
    report: evaluationReport(labels, estimates, classes),
    folds: byFold.map(({ fold, temperature, estimates: own }) => ({
      fold: fold.fold,
      samples: fold.labels.length,
      accuracy: own.filter(({ categoryIndex }, i) => categoryIndex === fold.labels[i]).length / fold.labels.length,
      temperature,
      topology: fold.topology,
    })),
    groups: groups.length === 0 ? [] : heldOutGroupReports(groups, labels, estimates, classes),
    temperature: foldsTemperature(answers),
    estimates,
    labels,
    names: answers.flatMap((fold) => fold.names),
  };
}

/** Where there are several kinds of windows, they count the same: the noisy labels of many stills do not decide alone. */
function foldsTemperature(answers: readonly FoldAnswers[]): number {
  if (answers.length === 0) return 1;
  const { classes } = answers[0]!;
  const groups = answers.map((fold) => fold.groups ?? []);
  const weights = balancedWeights(groups);
  const weighted = answers.map(
    ({ logits, labels, groups: own }, i): LabelledLogits => ({
      logits,
      labels,
      ...(own === null ? {} : { weights: weights[i]! }),
    }),
  );
  return fitTemperature(weighted, classes.length);
}
