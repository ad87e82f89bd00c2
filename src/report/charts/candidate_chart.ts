import type { BuildCandidate } from '../../learner/building/candidate.js';
import { type Markup, markup } from '../markup.js';
import { fixed } from '../numbers.js';
import { type Axis, axes, near, svg } from './axes.js';
import { legend } from './line_chart.js';
import { linearScale } from './scale.js';

/** Something that is measured of each candidate. */
export interface CandidateSeries {
  readonly name: string;
  /** Its colour: of the variable --series-N. */
  readonly colour: 1 | 2;
  /** Null where it was not measured. */
  readonly value: (candidate: BuildCandidate) => number | null;
}

export interface CandidateChartOptions {
  readonly description: string;
  readonly yLabel: string;
  readonly yTicks: readonly number[];
}

const LEAST_WIDTH = 360;
const LEAST_STEP = 16;
/** Room for a candidate's number below the axis. */
const NUMBER_WIDTH = 24;
const LEFT = 52;
const TOP = 30;
const BOTTOM = 180;
const LAYERS_TOP = 236;
const ROW = 16;

/** Whether a chart of so many candidates is wider than a usual figure. */
export function isWide(candidates: number): boolean {
  return LEFT + candidates * LEAST_STEP > LEAST_WIDTH;
}

/**
 * What was measured of each candidate, in order: a dot where it was kept, a cross where not, a line along those kept;
 * and below it the blocks of each candidate's layers.
 */
export function candidateChart(
  candidates: readonly BuildCandidate[],
  series: readonly CandidateSeries[],
  { description, yLabel, yTicks }: CandidateChartOptions,
): Markup {
  const count = candidates.length;
  const step = Math.max(LEAST_STEP, (LEAST_WIDTH - LEFT - 10) / count);
  const right = near(LEFT + count * step);
  const layers = Math.max(...candidates.map(({ topology }) => topology.length));
  const middle = (index: number) => near(LEFT + (index + 0.5) * step);
  const every = Math.ceil(NUMBER_WIDTH / step);
  const x: Axis = {
    scale: linearScale(0.5, count + 0.5, LEFT, right),
    ticks: candidates.flatMap((_, i) => (i % every === 0 ? [i + 1] : [])),
    label: 'candidate',
    format: String,
  };
  const y: Axis = { scale: linearScale(yTicks[0]!, yTicks.at(-1)!, BOTTOM, TOP), ticks: yTicks, label: yLabel };
  const chart = svg(
    near(right + 10),
    LAYERS_TOP + layers * ROW + 4,
    description,
    axes({ left: LEFT, right, top: TOP, bottom: BOTTOM }, x, y),
    series.map((one) => marks(candidates, one, middle, y)),
    blocksOfLayers(candidates, layers, middle, near(Math.min(step - 2, 30))),
  );
  return markup`${legend(series)}<div class="scroll">${chart}</div>`;
}

function marks(
  candidates: readonly BuildCandidate[],
  { colour, value, name }: CandidateSeries,
  middle: (index: number) => number,
  y: Axis,
): Markup {
  const shown = candidates.flatMap((candidate, index) => {
    const measured = value(candidate);
    return measured !== null && Number.isFinite(measured) ? [{ candidate, index, measured }] : [];
  });
  const path = shown
    .filter(({ candidate }) => candidate.kept)
    .map(({ index, measured }, i) => `${i === 0 ? 'M' : 'L'}${middle(index)} ${near(y.scale(measured))}`)
    .join('');
  return markup`<path class="line colour-${colour}" d="${path}"/>${shown.map(({ candidate, index, measured }) => {
    const [cx, cy] = [middle(index), near(y.scale(measured))];
    const title = markup`<title>[${candidate.topology.join(', ')}], ${name} ${fixed(measured)}, ${candidate.kept ? 'kept' : 'not kept'}: ${candidate.reason}</title>`;
    return candidate.kept
      ? markup`<circle class="dot colour-${colour}" cx="${cx}" cy="${cy}" r="4">${title}</circle>`
      : markup`<path class="cross colour-${colour}" d="M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8">${title}</path>`;
  })}`;
}

function blocksOfLayers(
  candidates: readonly BuildCandidate[],
  layers: number,
  middle: (index: number) => number,
  width: number,
): Markup {
  const y = (layer: number) => LAYERS_TOP + layer * ROW;
  const names = Array.from({ length: layers }, (_, layer) => layer);
  return markup`<text class="name" x="${LEFT - 6}" y="${LAYERS_TOP - 8}">blocks of each layer</text>${names.map(
    (layer) => markup`<text class="name" x="${LEFT - 6}" y="${y(layer) + 11}" text-anchor="end">layer ${layer}</text>`,
  )}${candidates.map(({ topology, kept, layer: grown }, index) =>
    topology.map((blocks, layer) => {
      const strong = kept && layer === grown;
      return markup`<rect class="${strong ? 'block grown' : kept ? 'block' : 'block rejected'}" x="${near(middle(index) - width / 2)}" y="${y(layer)}" width="${width}" height="${ROW - 2}" rx="2"/>
<text class="${strong ? 'small on-strong' : 'small'}" x="${middle(index)}" y="${y(layer) + 10.5}" text-anchor="middle">${blocks}</text>`;
    }),
  )}`;
}
