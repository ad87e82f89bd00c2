import { lineChart, type Series } from '../charts/line_chart.js';
import { niceTicks, wholeTicks } from '../charts/scale.js';
import { fixed, percent } from '../numbers.js';
import type { ReportEpoch } from '../report_data.js';
import { figure, figures, type Section } from './section.js';

const MOST_EPOCH_TICKS = 7;

/** Loss and accuracy over the epochs. */
export function training(epochs: readonly ReportEpoch[]): Section {
  const first = epochs[0]!.epoch;
  const last = epochs.at(-1)!;
  const xTicks = wholeTicks(first, last.epoch, MOST_EPOCH_TICKS);
  const xRange = first === last.epoch ? ([first - 1, first + 1] as const) : ([first, last.epoch] as const);
  const series = (value: (epoch: ReportEpoch) => number, onValidation: (epoch: ReportEpoch) => number): Series[] =>
    [
      { name: 'training', colour: 1 as const, points: epochs.map((one) => [one.epoch, value(one)] as const) },
      { name: 'validation', colour: 2 as const, points: epochs.map((one) => [one.epoch, onValidation(one)] as const) },
    ].filter(({ points }) => points.some(([, y]) => Number.isFinite(y)));
  const losses = series(
    ({ loss }) => loss,
    ({ valLoss }) => valLoss ?? Number.NaN,
  );
  const accuracies = series(
    ({ accuracy }) => accuracy,
    ({ valAccuracy }) => valAccuracy ?? Number.NaN,
  );
  const highest = Math.max(0, ...losses.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite)) || 1;
  const validated = losses.length > 1 || accuracies.length > 1;
  const common = { xLabel: 'epoch', xTicks, xRange };
  return {
    id: 'training',
    heading: 'Training',
    body: figures([
      figure(
        'Loss by epoch',
        lineChart(losses, {
          ...common,
          description: 'Loss over the epochs',
          yLabel: 'loss (nats)',
          yTicks: niceTicks(0, highest, 5),
        }),
        `How wrong the probabilities are; it should fall and level off.${
          validated
            ? ' Where the validation loss rises while the training loss falls, the network learns the training data by heart.'
            : ''
        } Last epoch: ${values(last.loss, last.valLoss, fixed)}.`,
      ),
      figure(
        'Accuracy by epoch',
        lineChart(accuracies, {
          ...common,
          description: 'Accuracy over the epochs',
          yLabel: 'share of right answers',
          yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
        }),
        `Share of samples that are answered right; 1 is all of them. Last epoch: ${values(last.accuracy, last.valAccuracy, percent)}.`,
      ),
    ]),
  };
}

function values(onTraining: number, onValidation: number | null | undefined, text: (value: number) => string): string {
  const trained = `training ${text(onTraining)}`;
  return onValidation === null || onValidation === undefined ? trained : `${trained}, validation ${text(onValidation)}`;
}
