import type { BuildCandidate } from '../../learner/building/candidate.js';
import { type CandidateSeries, candidateChart, isWide } from '../charts/candidate_chart.js';
import { niceTicks } from '../charts/scale.js';
import { type Markup, markup } from '../markup.js';
import { duration, fixed, grouped, percent } from '../numbers.js';
import { dataTable, figure, figures, type Section } from './section.js';

/** The candidates of progressive building, in order. */
export function building(candidates: readonly BuildCandidate[]): Section {
  const kept = candidates.filter((candidate) => candidate.kept);
  const result = kept.at(-1);
  const seconds = candidates.reduce((sum, candidate) => sum + candidate.seconds, 0);
  const validated = candidates.some((candidate) => hasValLoss(candidate) || hasAccuracy(candidate));
  const summary = `${candidates.length === 1 ? 'One candidate was' : `${candidates.length} candidates were`} trained in ${duration(seconds)}, ${kept.length} of them kept${
    result ? `; the result is [${result.topology.join(', ')}] with ${grouped(result.parameters)} parameters` : ''
  }.`;
  const charts = [lossFigure(candidates), ...(candidates.some(hasAccuracy) ? [accuracyFigure(candidates)] : [])];
  const table = dataTable(
    [
      { heading: '#', numbers: true },
      { heading: 'topology' },
      { heading: 'parameters', numbers: true },
      { heading: 'training loss', numbers: true },
      ...(validated
        ? [
            { heading: 'validation loss', numbers: true },
            { heading: 'accuracy', numbers: true },
          ]
        : []),
      { heading: 'time', numbers: true },
      { heading: 'kept' },
      { heading: 'why' },
    ],
    candidates.map((candidate, index) => [
      index + 1,
      markup`<span class="nowrap">[${candidate.topology.join(', ')}]</span>`,
      grouped(candidate.parameters),
      fixed(candidate.trainLoss, 4),
      ...(validated ? [fixed(candidate.valLoss, 4), percent(candidate.accuracy)] : []),
      duration(candidate.seconds),
      candidate.kept ? markup`<strong class="good">yes</strong>` : markup`<span class="bad">no</span>`,
      markup`<span class="reason">${candidate.reason}</span>`,
    ]),
  );
  return {
    id: 'building',
    heading: 'Progression of the topology',
    body: markup`<p>${summary} Each candidate has one block more than the network that it grew from. A dot was kept, and the
next one grows from it; a cross gained too little and was undone.</p>${figures(charts, { wide: isWide(candidates.length) })}${table}`,
  };
}

const hasValLoss = ({ valLoss }: BuildCandidate) => valLoss !== null;
const hasAccuracy = ({ accuracy }: BuildCandidate) => accuracy !== null;

function lossFigure(candidates: readonly BuildCandidate[]): Markup {
  const onTraining: CandidateSeries = { name: 'training', colour: 1, value: ({ trainLoss }) => trainLoss };
  const onValidation: CandidateSeries = { name: 'validation', colour: 2, value: ({ valLoss }) => valLoss };
  const series = candidates.some(hasValLoss) ? [onTraining, onValidation] : [onTraining];
  const losses = candidates.flatMap((candidate) => series.map(({ value }) => value(candidate) ?? 0));
  return figure(
    'Loss of the candidates',
    candidateChart(candidates, series, {
      description: `Losses and topologies of ${candidates.length} candidates`,
      yLabel: 'loss (nats)',
      yTicks: niceTicks(0, Math.max(0, ...losses.filter(Number.isFinite)) || 1, 4),
    }),
    'Loss after the last epoch of each candidate; the line joins those that were kept and should fall. Below, the blocks of each layer: dark where the layer grew, hollow in a candidate that was not kept.',
  );
}

function accuracyFigure(candidates: readonly BuildCandidate[]): Markup {
  return figure(
    'Accuracy of the candidates',
    candidateChart(candidates, [{ name: 'accuracy', colour: 2, value: ({ accuracy }) => accuracy }], {
      description: `Accuracies and topologies of ${candidates.length} candidates`,
      yLabel: 'share of right answers',
      yTicks: [0, 0.2, 0.4, 0.6, 0.8, 1],
    }),
    'Share of the validation data that each candidate answers right. Where it stops rising, or falls, more blocks no longer help on unseen data.',
  );
}
