import { type Markup, markup } from '../markup.js';
import { shortCount } from '../numbers.js';
import { FONT_SIZE, near, svg } from './axes.js';
import { fitted, textWidth } from './text_width.js';

const LEAST_CELL = 30;
const LEAST_WIDTH = 360;
/** Widest label, in font sizes. */
const MOST_LABEL = 9;
/** Cells darker than this carry the ink for strong grounds. */
const STRONG = 0.8;

/**
 * A heat map of counts: rows are labels, columns answers; a cell is the darker the larger its share of its row.
 *
 * @param confusion (K, K): confusion[label][answer]
 */
export function confusionMatrix(classes: readonly string[], confusion: readonly (readonly number[])[]): Markup {
  const names = classes.map((name) => fitted(name, MOST_LABEL));
  const gutter = Math.max(...names.map(textWidth)) * FONT_SIZE + 10;
  const left = gutter + 18;
  const top = gutter + 18;
  const cell = Math.max(LEAST_CELL, (LEAST_WIDTH - left - 2) / classes.length);
  const size = cell * classes.length;
  const middle = (index: number) => near((index + 0.5) * cell);
  return svg(
    near(left + size + 2),
    near(top + size + 2),
    `Confusion matrix of ${classes.length} classes`,
    markup`<text class="name" x="${near(left + size / 2)}" y="12" text-anchor="middle">answer</text>
<text class="name" transform="translate(12 ${near(top + size / 2)}) rotate(-90)" text-anchor="middle">label</text>`,
    names.map(
      (name, k) => markup`<text x="${near(left - 6)}" y="${near(top + middle(k) + 4)}" text-anchor="end">${name}</text>
<text transform="translate(${near(left + middle(k) + 4)} ${near(top - 6)}) rotate(-90)">${name}</text>`,
    ),
    confusion.map((row, label) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count, answer) => {
        const share = total > 0 ? count / total : 0;
        const [x, y] = [near(left + answer * cell), near(top + label * cell)];
        return markup`<g><title>${classes[label]!} answered as ${classes[answer]!}: ${count} of ${total}</title>
<rect class="cell" x="${x}" y="${y}" width="${near(cell)}" height="${near(cell)}"/>
${
  count > 0 &&
  markup`<rect class="heat" x="${x}" y="${y}" width="${near(cell)}" height="${near(cell)}" fill-opacity="${near(share)}"/>
<text class="${share >= STRONG ? 'on-strong' : 'on-heat'}" x="${near(left + middle(answer))}" y="${near(top + middle(label) + 4)}" text-anchor="middle">${shortCount(count)}</text>`
}</g>`;
      });
    }),
  );
}
