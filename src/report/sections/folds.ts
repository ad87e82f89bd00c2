import { barList } from '../charts/bar_list.js';
import { fixed, percent } from '../numbers.js';
import type { ReportFold } from '../report_data.js';
import { dataTable, figure, figures, type Section } from './section.js';

/** Each fold of a cross-validation. */
export function foldTable(folds: readonly ReportFold[]): Section {
  const known = folds.filter(({ accuracy }) => Number.isFinite(accuracy));
  const mean = known.reduce((sum, { accuracy }) => sum + accuracy, 0) / known.length;
  const variance = known.reduce((sum, { accuracy }) => sum + (accuracy - mean) ** 2, 0) / Math.max(1, known.length - 1);
  const samples = folds.reduce((sum, fold) => sum + fold.samples, 0);
  const errors = (fold: ReportFold) => Math.round(fold.samples * (1 - (fold.accuracy || 0)));
  return {
    id: 'folds',
    heading: 'Folds',
    body: figures([
      figure(
        'Accuracy by fold',
        barList(
          folds.map((fold) => ({
            label: `fold ${fold.fold}`,
            share: fold.accuracy,
            value: percent(fold.accuracy),
          })),
          'Accuracy of each fold',
        ),
        `A fold's samples are answered by a network that was trained on the other folds. Mean over the folds ${fixed(mean)}, standard deviation ${fixed(Math.sqrt(variance))}: bars of very unlike length mean that the result hangs on who is in which fold.`,
      ),
      dataTable(
        [
          { heading: 'fold', numbers: true },
          { heading: 'samples', numbers: true },
          { heading: 'wrong', numbers: true },
          { heading: 'accuracy', numbers: true },
        ],
        [
          ...folds.map((fold) => [fold.fold, fold.samples, errors(fold), percent(fold.accuracy)]),
          [
            'all',
            samples,
            folds.reduce((sum, fold) => sum + errors(fold), 0),
            percent(known.reduce((sum, fold) => sum + fold.samples * fold.accuracy, 0) / samples),
          ],
        ],
      ),
    ]),
  };
}
