import { type Markup, markup } from '../markup.js';
import { fixed } from '../numbers.js';
import { type Axis, axes, near, svg } from './axes.js';
import { linearScale } from './scale.js';

export interface Series {
  readonly name: string;
  /** Its colour: of the variable --series-N. */
  readonly colour: 1 | 2;
  /** x and y; a point that is not finite interrupts the line. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChartOptions {
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  /** Ends of the x axis, if they are not the first and last tick. */
  readonly xRange?: readonly [from: number, to: number];
  readonly formatX?: (tick: number) => string;
  readonly formatY?: (tick: number) => string;
}

const WIDTH = 360;
const HEIGHT = 230;
const FRAME = { left: 46, right: 346, top: 30, bottom: 188 };
/** Beyond that many points, values that can be read under the pointer would lie over each other. */
const MOST_POINTS_WITH_VALUES = 200;

/** Lines over common axes; where there are several, with a legend above. */
export function lineChart(series: readonly Series[], options: LineChartOptions): Markup {
  const { xTicks, yTicks, xRange = [xTicks[0]!, xTicks.at(-1)!], formatX, formatY } = options;
  const x: Axis = {
    scale: linearScale(xRange[0], xRange[1], FRAME.left, FRAME.right),
    ticks: xTicks,
    label: options.xLabel,
    ...(formatX && { format: formatX }),
  };
  const y: Axis = {
    scale: linearScale(yTicks[0]!, yTicks.at(-1)!, FRAME.bottom, FRAME.top),
    ticks: yTicks,
    label: options.yLabel,
    ...(formatY && { format: formatY }),
  };
  const chart = svg(
    WIDTH,
    HEIGHT,
    options.description,
    axes(FRAME, x, y),
    series.map((one) => line(one, x, y, options)),
  );
  return markup`${legend(series)}${chart}`;
}

/** The names of the series beside their colours; nothing for a single one, which the title names. */
export function legend(series: readonly Pick<Series, 'name' | 'colour'>[]): Markup | null {
  if (series.length < 2) return null;
  return markup`<p class="legend">${series.map(
    ({ name, colour }) => markup`<span><i class="swatch colour-${colour}"></i>${name}</span> `,
  )}</p>`;
}

function line({ name, colour, points }: Series, x: Axis, y: Axis, { formatX }: LineChartOptions): Markup {
  const place = ([px, py]: readonly [number, number]) => `${near(x.scale(px))} ${near(y.scale(py))}`;
  const isFinitePoint = ([px, py]: readonly [number, number]) => Number.isFinite(px) && Number.isFinite(py);
  let pen = 'M';
  const path = points.map((point) => {
    if (!isFinitePoint(point)) {
      pen = 'M';
      return '';
    }
    const step = `${pen}${place(point)}`;
    pen = 'L';
    return step;
  });
  const finite = points.filter(isFinitePoint);
  const values = points.length > MOST_POINTS_WITH_VALUES ? [] : finite;
  const dots = finite.length <= 30 ? finite : finite.slice(-1);
  return markup`<path class="line colour-${colour}" d="${path.join('')}"/>${dots.map(
    ([px, py]) =>
      markup`<circle class="dot colour-${colour}" cx="${near(x.scale(px))}" cy="${near(y.scale(py))}" r="2.5"/>`,
  )}${values.map(
    ([px, py]) =>
      markup`<circle class="reach" cx="${near(x.scale(px))}" cy="${near(y.scale(py))}" r="7"><title>${name}, ${formatX?.(px) ?? px}: ${fixed(py)}</title></circle>`,
  )}`;
}
