/** Maps [from, to] of the data to [start, end] of the drawing. */
export interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
}

export function linearScale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1;
  return Object.assign((value: number) => start + ((value - from) / span) * (end - start), { from, to });
}

/** Round numbers (1, 2 or 5 times a power of ten apart) that reach from at most `low` to at least `high`. */
export function niceTicks(low: number, high: number, about = 5): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Whole numbers from `low` to `high`, round ones where not all fit. */
export function wholeTicks(low: number, high: number, most: number): number[] {
  if (high - low < most) return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const step = Math.max(1, niceTicks(0, high - low, most - 1)[1]!);
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}

/** As many digits as tell neighbouring ticks apart. */
export function tickText(tick: number, ticks: readonly number[]): string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (digits > 4 || Math.abs(tick) >= 1e6) return tick === 0 ? '0' : tick.toExponential(0);
  return tick.toFixed(digits);
}
