import type { CalibrationBin } from '../../learner/evaluation/calibration_bins.js';
import { type Markup, markup } from '../markup.js';
import { fixed, shortCount } from '../numbers.js';
import { type Axis, axes, near, svg } from './axes.js';
import { linearScale } from './scale.js';

const WIDTH = 360;
const FRAME = { left: 40, right: 346, top: 30, bottom: 220 };
const COUNTS = { top: 282, bottom: 330 };
const HEIGHT = COUNTS.bottom + 6;

/** Accuracy over confidence by bin, with the line on which both are equal, and below it how many answers each bin holds. */
export function reliabilityDiagram(bins: readonly CalibrationBin[]): Markup {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const x: Axis = { scale: linearScale(0, 1, FRAME.left, FRAME.right), ticks, label: 'confidence' };
  const y: Axis = { scale: linearScale(0, 1, FRAME.bottom, FRAME.top), ticks, label: 'share of right answers' };
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const height = linearScale(0, most, 0, COUNTS.bottom - COUNTS.top);
  return svg(
    WIDTH,
    HEIGHT,
    'Reliability diagram: share of right answers over confidence',
    axes(FRAME, x, y),
    bins.map(({ from, to, count, accuracy, mean_confidence }) => {
      const left = near(x.scale(from) + 1);
      const width = near(x.scale(to) - x.scale(from) - 2);
      if (count === 0) return null;
      const bar = near(height(count));
      return markup`<g><title>confidence ${fixed(from, 2)} to ${fixed(to, 2)}: ${count} answers, mean confidence ${fixed(mean_confidence)}, right ${fixed(accuracy)}</title>
<rect class="fill colour-1" x="${left}" y="${near(y.scale(accuracy!))}" width="${width}" height="${near(FRAME.bottom - y.scale(accuracy!))}"/>
<line class="mark" x1="${left}" x2="${near(left + width)}" y1="${near(y.scale(mean_confidence!))}" y2="${near(y.scale(mean_confidence!))}"/>
<rect class="fill colour-0" x="${left}" y="${near(COUNTS.bottom - bar)}" width="${width}" height="${bar}"/>
<text class="small" x="${near(left + width / 2)}" y="${near(COUNTS.bottom - bar - 3)}" text-anchor="middle">${shortCount(count)}</text></g>`;
    }),
    markup`<line class="diagonal" x1="${x.scale(0)}" y1="${y.scale(0)}" x2="${x.scale(1)}" y2="${y.scale(1)}"/>
<line class="base" x1="${FRAME.left}" x2="${FRAME.right}" y1="${COUNTS.bottom}" y2="${COUNTS.bottom}"/>
<text class="name" x="${FRAME.left - 6}" y="${COUNTS.top - 16}">answers in each bin</text>`,
  );
}
