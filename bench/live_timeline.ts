import { NEUTRAL } from '../src/datasets/expression_windows.js';
import { axes, near } from '../src/report/charts/axes.js';
import { linearScale, niceTicks, type Scale } from '../src/report/charts/scale.js';
import { fitted, textWidth } from '../src/report/charts/text_width.js';
import { Markup, markup } from '../src/report/markup.js';
import type { Answer, Note } from './live_behaviour.js';

/** An answer with all that is drawn of it. */
export interface TimelineAnswer extends Answer {
  readonly estimate:
    | (NonNullable<Answer['estimate']> & { readonly confidence: number; readonly mean: Float32Array })
    | undefined;
}

type NamedAnswer = TimelineAnswer & { readonly estimate: NonNullable<TimelineAnswer['estimate']> };

/** Colours that are told apart in light and dark, and by most who see colours differently. */
const COLOURS: Readonly<Record<string, string>> = {
  Neutral: '#a3abb8',
  Happy: '#f2b90f',
  Surprise: '#2aa7c9',
  Sad: '#2f5fc4',
  Angry: '#d0342c',
  Disgust: '#4f9e46',
  Fear: '#8b56c2',
  Contempt: '#b5652b',
};

const FONT_SIZE = 11;
const LEFT = 44;
const RIGHT = 14;
const PIXELS_PER_SECOND = 28;
const LEAST_PLOT = 580;
const MOST_PLOT = 1100;
/** Pixels from the top, after the title and the legend. */
const NOTES = { top: 24, bottom: 42 };
const NAMED = { top: 68, bottom: 148 };
const PROBABILITIES = { top: 178, bottom: 258 };
const BELOW = 40;
/** Pixels between two points of an outline: finer than that nobody sees. */
const LEAST_STEP = 2;

const STYLE = `
text { font: ${FONT_SIZE}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; fill: #14171c; }
.title { font-size: 13px; font-weight: 600; }
.surface { fill: #ffffff; } .grid { stroke: #d8dce2; } .base { stroke: #59616e; } .name, .axes text { fill: #59616e; }
.note { fill: #e9ecf0; stroke: #a3abb8; } .on-colour { fill: #14171c; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8eaee; } .surface { fill: #181b21; } .grid { stroke: #31363f; } .base { stroke: #a3abb8; }
  .name, .axes text { fill: #a3abb8; } .note { fill: #272b33; stroke: #59616e; } .on-colour { fill: #14171c; }
}`;

/**
 * A clip's answers over time as an SVG image that stands alone: what was noted, the category that is named (as high as its
 * confidence), and the probabilities of all categories.
 *
 * @param answers in the order of their stamps; at least one
 * @param classes in the order of the estimates' `mean`
 */
export function timeline(
  title: string,
  answers: readonly TimelineAnswer[],
  notes: readonly Note[],
  classes: readonly string[],
): string {
  const [first, last] = [answers[0]!.stampSeconds, answers.at(-1)!.stampSeconds];
  const step = (last - first) / Math.max(1, answers.length - 1) || 1;
  const end = last + step;
  const plot = Math.min(MOST_PLOT, Math.max(LEAST_PLOT, (end - first) * PIXELS_PER_SECOND));
  const width = LEFT + plot + RIGHT;
  const x = linearScale(first, end, LEFT, LEFT + plot);
  const runs = runsOf(answers, step);
  const { markup: names, bottom: top } = legend(classes, width);
  const height = top + PROBABILITIES.bottom + BELOW;
  const ticks = niceTicks(first, end, Math.max(4, Math.round(plot / 90))).filter(
    (tick) => tick >= first && tick <= end,
  );
  const drawn = markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${near(width)} ${near(height)}" width="${near(width)}" height="${near(height)}" role="img" aria-label="${title}: the category that is named over time">
<style>${new Markup(STYLE)}</style>
<rect class="surface" width="100%" height="100%"/>
<text class="title" x="${LEFT}" y="20">${title}</text>
${names}
<g transform="translate(0 ${near(top)})">
<text class="name" x="${LEFT}" y="${NOTES.top - 8}">noted by hand; rest in the colour of Neutral</text>
${notes.map((note) => noteBox(note, x, end))}
${chartAxes(NAMED, x, [], 'named, as high as its confidence', '')}
${runs.map((run) => namedSteps(run, x, step, classes))}
${chartAxes(PROBABILITIES, x, ticks, 'probability of each category', 'seconds')}
${runs.map((run) => bands(run, x, step, classes))}
</g></svg>
`;
  return drawn.text;
}

function colourOf(name: string, classes: readonly string[]): string {
  const colours = Object.values(COLOURS);
  return COLOURS[name] ?? colours[classes.indexOf(name) % colours.length]!;
}

/** Swatches with the classes' names, in as many lines as they need. */
function legend(classes: readonly string[], width: number): { markup: Markup; bottom: number } {
  let [x, y] = [LEFT, 40];
  const entries = classes.map((name) => {
    const room = 16 + textWidth(name) * FONT_SIZE + 14;
    if (x + room > width && x > LEFT) [x, y] = [LEFT, y + 18];
    const entry = markup`<rect x="${near(x)}" y="${y - 9}" width="11" height="11" rx="2" fill="${colourOf(name, classes)}"/><text x="${near(x + 16)}" y="${y}">${name}</text>`;
    x += room;
    return entry;
  });
  return { markup: markup`${entries}`, bottom: y + 6 };
}

/** What was noted, in the colour of the category that it should be named. */
function noteBox([from, to, what]: Note, x: Scale, end: number): Markup | null {
  if (from >= end) return null;
  const [left, right] = [x(from), x(Math.min(to, end))];
  const room = (right - left) / FONT_SIZE;
  const colour = COLOURS[what === 'rest' ? NEUTRAL : what];
  const box = markup`<rect ${colour === undefined ? markup`class="note"` : markup`fill="${colour}"`} x="${near(left)}" y="${NOTES.top}" width="${near(right - left)}" height="${NOTES.bottom - NOTES.top}" rx="2"/>`;
  const text = fitted(what, room);
  // A letter or two say less than the box alone.
  const said =
    text.length > 3 &&
    markup`<text ${colour !== undefined && markup`class="on-colour"`} x="${near((left + right) / 2)}" y="${NOTES.top + 13}" text-anchor="middle">${text}</text>`;
  return markup`<g><title>noted: ${what}, ${from} to ${to} s</title>${box}${said}</g>`;
}

function chartAxes(
  { top, bottom }: { top: number; bottom: number },
  x: Scale,
  xTicks: readonly number[],
  label: string,
  xLabel: string,
): Markup {
  const [left, right] = [x(x.from), x(x.to)];
  const y = { scale: linearScale(0, 1, bottom, top), ticks: [0, 0.5, 1], label: '' };
  return markup`${axes({ left, right, top, bottom }, { scale: x, ticks: xTicks, label: xLabel }, y)}
<text class="name" x="${left}" y="${top - 8}">${label}</text>`;
}

/** Stretches of answers that follow each other without a gap. */
function runsOf(answers: readonly TimelineAnswer[], step: number): NamedAnswer[][] {
  const runs: NamedAnswer[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const answer of answers) {
    if (answer.estimate === undefined) continue;
    if (answer.stampSeconds - before > 1.5 * step) runs.push([]);
    runs.at(-1)!.push(answer as NamedAnswer);
    before = answer.stampSeconds;
  }
  return runs;
}

/** An area for each stretch of one category. */
function namedSteps(run: readonly NamedAnswer[], x: Scale, step: number, classes: readonly string[]): Markup {
  const y = linearScale(0, 1, NAMED.bottom, NAMED.top);
  const stretches: NamedAnswer[][] = [];
  for (const answer of run) {
    const current = stretches.at(-1);
    if (current?.at(-1)?.estimate.category === answer.estimate.category) current.push(answer);
    else stretches.push([answer]);
  }
  return markup`${stretches.map((stretch) => {
    const { category } = stretch[0]!.estimate;
    const [from, to] = [stretch[0]!.stampSeconds, stretch.at(-1)!.stampSeconds + step];
    const tops = thinned(stretch, x(to) - x(from)).map(
      ({ stampSeconds, estimate }) => `L${near1(x(stampSeconds))} ${near1(y(estimate.confidence))}`,
    );
    const lastTop = `L${near(x(to))} ${near(y(stretch.at(-1)!.estimate.confidence))}`;
    const path = `M${near(x(from))} ${NAMED.bottom}${tops.join('')}${lastTop}L${near(x(to))} ${NAMED.bottom}Z`;
    return markup`<path d="${path}" fill="${colourOf(category, classes)}"><title>${category}, ${from.toFixed(1)} to ${to.toFixed(1)} s</title></path>`;
  })}`;
}

/** The probabilities on top of each other, in the order of the classes from below. */
function bands(run: readonly NamedAnswer[], x: Scale, step: number, classes: readonly string[]): Markup {
  const y = linearScale(0, 1, PROBABILITIES.bottom, PROBABILITIES.top);
  const [from, to] = [run[0]!.stampSeconds, run.at(-1)!.stampSeconds + step];
  const shown = thinned(run, x(to) - x(from));
  // From the topmost band down: each is drawn to the bottom, over those before.
  return markup`${[...classes.keys()].reverse().map((k) => {
    const sums = shown.map(({ estimate }) => estimate.mean.subarray(0, k + 1).reduce((sum, value) => sum + value, 0));
    const points = shown.map(({ stampSeconds }, i) => `L${near1(x(stampSeconds))} ${near1(y(Math.min(1, sums[i]!)))}`);
    const lastPoint = `L${near1(x(to))} ${near1(y(Math.min(1, sums.at(-1)!)))}`;
    const path = `M${near1(x(from))} ${PROBABILITIES.bottom}${points.join('')}${lastPoint}V${PROBABILITIES.bottom}Z`;
    return markup`<path d="${path}" fill="${colourOf(classes[k]!, classes)}"/>`;
  })}`;
}

/** As many of the answers as are told apart in so many pixels, the first and the last among them. */
function thinned(run: readonly NamedAnswer[], pixels: number): NamedAnswer[] {
  const every = Math.max(1, Math.floor((LEAST_STEP * run.length) / Math.max(1, pixels)));
  return run.filter((_, index) => index % every === 0 || index === run.length - 1);
}

/** A picture that is wide needs no more than tenths of a pixel. */
function near1(value: number): number {
  return Number(value.toFixed(1));
}
