import type { EvaluationReport } from '../../learner/evaluation/evaluation_report.js';
import { markup } from '../markup.js';
import { fixed, grouped, percent } from '../numbers.js';
import type { Section } from './section.js';

/** The figures that an evaluation is quoted by. */
export function keyFigures(evaluation: EvaluationReport): Section {
  const { top_k: topK, uncertainty_auroc: auroc, samples } = evaluation;
  const others = Object.entries(topK).filter(([k]) => k !== '1' && Number(k) < evaluation.classes.length);
  const tiles: [name: string, value: string, meaning: string][] = [
    ['Accuracy', percent(evaluation.accuracy), `right answers among ${grouped(samples)}`],
    ['Mean recall', percent(evaluation.mean_recall), 'share found, averaged over the classes'],
    [
      'Calibration error',
      fixed(evaluation.expected_calibration_error),
      'gap between confidence and accuracy; 0 is best',
    ],
    ['Brier score', fixed(evaluation.brier), 'squared error of the probabilities; 0 is best, 2 worst'],
    ['NLL', fixed(evaluation.nll), 'negative log likelihood in nats; the smaller the better'],
    ['Error AUROC', fixed(auroc.predictive_entropy), 'do wrong answers look uncertain? 1 always, 0.5 by chance'],
    ...others.map(([k, share]): [string, string, string] => [
      `Top ${k}`,
      percent(share),
      `label among the ${k} most probable classes`,
    ]),
  ];
  const body = markup`<dl class="tiles">${tiles.map(
    ([name, value, meaning]) =>
      markup`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="meaning">${meaning}</dd></div>`,
  )}</dl>`;
  return { id: 'figures', heading: 'Key figures', body };
}
