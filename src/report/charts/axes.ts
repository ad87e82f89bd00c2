import { type Content, type Markup, markup } from '../markup.js';
import { type Scale, tickText } from './scale.js';

/** Font size of all text in charts, in units of the viewBox, which are CSS pixels on a phone. */
export const FONT_SIZE = 11;

/** Where a chart's data are drawn, inside its viewBox. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly number[];
  readonly label: string;
  readonly format?: (tick: number) => string;
}

/** Grid lines across, ticks' numbers left and below, and the axes' names. */
export function axes(frame: Frame, x: Axis, y: Axis): Markup {
  const { left, right, top, bottom } = frame;
  const text = ({ ticks, format }: Axis, tick: number) => format?.(tick) ?? tickText(tick, ticks);
  return markup`<g class="axes">${y.ticks.map(
    (
      tick,
    ) => markup`<line class="grid" x1="${left}" x2="${right}" y1="${near(y.scale(tick))}" y2="${near(y.scale(tick))}"/>
<text x="${left - 6}" y="${near(y.scale(tick) + 4)}" text-anchor="end">${text(y, tick)}</text>`,
  )}
<line class="base" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>${x.ticks.map(
    (tick) => markup`<text x="${near(x.scale(tick))}" y="${bottom + 15}" text-anchor="middle">${text(x, tick)}</text>`,
  )}
<text class="name" x="${(left + right) / 2}" y="${bottom + 31}" text-anchor="middle">${x.label}</text>
<text class="name" x="${left - 6}" y="${top - 14}" text-anchor="start">${y.label}</text></g>`;
}

/** An SVG image that scales with its figure; `description` is what a screen reader says. */
export function svg(width: number, height: number, description: string, ...contents: readonly Content[]): Markup {
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}" style="--width:${width}px">
${contents}</svg>`;
}

/** Coordinates need no more than hundredths. */
export function near(value: number): number {
  return Number(value.toFixed(2));
}
