import type { ExpressionEstimate } from '../../learner/inference/expression_estimate.js';
import { type Markup, markup } from '../markup.js';
import { fixed } from '../numbers.js';
import { near, svg } from './axes.js';
import { fitted } from './text_width.js';

const WIDTH = 200;
const ROW = 17;
const LABEL = 72;
const VALUE = 34;
/** Classes beyond these are the least probable ones, and left out. */
const MOST_ROWS = 8;

/** The mean probability of each class with its standard deviation over the repeats; the label's class is set in bold. */
export function probabilityBars(estimate: ExpressionEstimate, classes: readonly string[], label: string): Markup {
  const { mean, std } = estimate;
  const room = WIDTH - LABEL - VALUE;
  const most = [...classes.keys()].sort((a, b) => mean[b]! - mean[a]!).slice(0, MOST_ROWS);
  const rows = most.sort((a, b) => a - b);
  // What is not a number gets no bar.
  const x = (share: number) => near(LABEL + Math.min(1, Math.max(0, share || 0)) * room);
  return svg(
    WIDTH,
    rows.length * ROW + 2,
    rows.map((k) => `${classes[k]} ${fixed(mean[k], 2)}`).join(', '),
    rows.map((k, row) => {
      const y = row * ROW + 1;
      const centre = y + ROW / 2;
      const colour = k === estimate.categoryIndex ? 1 : 0;
      return markup`<text class="${classes[k] === label ? 'true' : ''}" x="${LABEL - 6}" y="${y + 12}" text-anchor="end">${fitted(classes[k]!, 5.6)}</text>
<rect class="track" x="${LABEL}" y="${y + 3}" width="${room}" height="${ROW - 6}"/>
<rect class="fill colour-${colour}" x="${LABEL}" y="${y + 3}" width="${near(x(mean[k]!) - LABEL)}" height="${ROW - 6}"/>
${std[k]! > 0.005 && markup`<line class="spread" x1="${x(mean[k]! - std[k]!)}" x2="${x(mean[k]! + std[k]!)}" y1="${centre}" y2="${centre}"/>`}
<text x="${WIDTH - VALUE + 5}" y="${y + 12}">${fixed(mean[k], 2)}</text>`;
    }),
  );
}
