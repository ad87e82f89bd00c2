import type { EvaluationReport } from '../../learner/evaluation/evaluation_report.js';
import { lineChart } from '../charts/line_chart.js';
import { reliabilityDiagram } from '../charts/reliability_diagram.js';
import { niceTicks } from '../charts/scale.js';
import { markup } from '../markup.js';
import { fixed } from '../numbers.js';
import { dataTable, figure, figures, type Section } from './section.js';

/** Whether confidence can be trusted, and whether uncertainty finds the errors. */
export function uncertainty(evaluation: EvaluationReport): Section {
  const { coverage_curve: curve, uncertainty_auroc: auroc } = evaluation;
  const lowest = Math.min(...curve.map(({ accuracy }) => accuracy));
  const yTicks = niceTicks(Math.min(0.98, lowest), 1, 4).filter((tick) => tick >= 0 && tick <= 1);
  const measures: [name: string, value: number | null, meaning: string][] = [
    ['predictive entropy', auroc.predictive_entropy, 'all uncertainty of the mean probabilities'],
    ['1 − confidence', auroc.one_minus_confidence, 'what the answer lacks to certainty'],
    ['mutual information', auroc.mutual_information, 'how much the Monte Carlo repeats disagree'],
    ["spread of the answer's probability", auroc.answer_std, 'its standard deviation over the repeats'],
  ];
  return {
    id: 'uncertainty',
    heading: 'Confidence and uncertainty',
    body: markup`${figures([
      figure(
        'Reliability',
        reliabilityDiagram(evaluation.calibration_bins),
        `Answers are sorted into bins by their confidence. A bar is the share of right answers in its bin, the dark stroke the bin's mean confidence, the dashed line where both are equal: bars below it mean overconfidence. Trust a bar only as far as its count below allows. The mean gap is the expected calibration error, ${fixed(evaluation.expected_calibration_error)}.`,
      ),
      figure(
        'Accuracy over coverage',
        lineChart(
          [
            {
              name: 'accuracy',
              colour: 1,
              points: curve.map(({ coverage, accuracy }) => [coverage, accuracy] as const),
            },
          ],
          {
            description: 'Accuracy over the share of answers kept',
            xLabel: 'share of answers kept',
            yLabel: 'share of right answers',
            xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
            yTicks,
            formatX: (share) => share.toFixed(share === 0 || share === 1 ? 0 : 1),
          },
        ),
        `What accuracy would be if only the most certain answers were given (by predictive entropy): all of them at the right, few at the left. The line should rise to the left. The mean share of wrong answers along it is ${fixed(evaluation.area_under_risk_coverage, 4)} (area under risk and coverage; 0 is best).`,
      ),
    ])}<p>How well a measure of uncertainty finds the errors: how probably a wrong answer is less certain than a right one.
1 is always, 0.5 is no better than chance${auroc.predictive_entropy === null ? '; there is none where no answer is wrong, or all are' : ''}.</p>${dataTable(
      [{ heading: 'measure' }, { heading: 'AUROC', numbers: true }, { heading: 'what it is' }],
      measures.map(([name, value, meaning]) => [name, fixed(value), meaning]),
    )}`,
  };
}
