import type { EvaluationReport } from '../../learner/evaluation/evaluation_report.js';
import { barList } from '../charts/bar_list.js';
import { confusionMatrix } from '../charts/confusion_matrix.js';
import { markup } from '../markup.js';
import { percent, shortCount } from '../numbers.js';
import { figure, figures, type Section } from './section.js';

/** A confusion matrix of more classes needs the whole width. */
const MOST_CLASSES_BESIDE = 10;

/** Which classes are found, and what the others are taken for. */
export function answers({ classes, confusion, recall }: EvaluationReport): Section {
  const total = (label: number) => confusion[label]!.reduce((sum, count) => sum + count, 0);
  return {
    id: 'answers',
    heading: 'Answers by class',
    body: figures(
      [
        figure(
          'Confusion matrix',
          markup`<div class="scroll">${confusionMatrix(classes, confusion)}</div>`,
          'A row holds the samples of one true class, a column those of one answer: the diagonal is right, anything beside it is a mix-up. Numbers count samples; a cell is the darker the larger its share of its row.',
        ),
        figure(
          'Recall by class',
          barList(
            classes.map((label, k) => ({
              label,
              share: recall[k]!,
              value: recall[k] === null ? 'no samples' : `${percent(recall[k])} of ${shortCount(total(k))}`,
            })),
            'Recall of each class',
          ),
          'Of the samples that truly are of a class, the share that is answered so.',
        ),
      ],
      { wide: classes.length > MOST_CLASSES_BESIDE },
    ),
  };
}
