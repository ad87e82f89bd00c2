import { type Markup, markup } from '../markup.js';
import { near, svg } from './axes.js';
import { fitted } from './text_width.js';

export interface Bar {
  readonly label: string;
  /** 0 to 1; null, or not a number, where there is none. */
  readonly share: number | null;
  readonly value: string;
}

const WIDTH = 360;
const ROW = 24;
const LABEL = 100;
const VALUE = 92;

/** Horizontal bars from 0 to 1, each with its label and value. */
export function barList(bars: readonly Bar[], description: string): Markup {
  const room = WIDTH - LABEL - VALUE;
  return svg(
    WIDTH,
    bars.length * ROW + 4,
    description,
    bars.map(({ label, share, value }, i) => {
      const y = i * ROW + 2;
      return markup`<text x="${LABEL - 8}" y="${y + 16}" text-anchor="end">${fitted(label, 8)}<title>${label}</title></text>
<rect class="track" x="${LABEL}" y="${y + 4}" width="${room}" height="${ROW - 8}" rx="3"/>
${share !== null && Number.isFinite(share) && markup`<rect class="fill colour-1" x="${LABEL}" y="${y + 4}" width="${near(share * room)}" height="${ROW - 8}" rx="3"/>`}
<text x="${LABEL + room + 8}" y="${y + 16}">${value}</text>`;
    }),
  );
}
