/** Accuracy where only the most certain answers are kept. */
export interface CoveragePoint {
  /** Share of the answers that are kept. */
  readonly coverage: number;
  /** Share of right ones among them. */
  readonly accuracy: number;
}

export interface CoverageCurve {
  /** From the fewest answers kept to all; at most 200 points, evenly over the coverage. */
  readonly points: readonly CoveragePoint[];
  /**
   * Area under the curve of risk (1 - accuracy) over coverage: the mean risk over all numbers of answers kept
   * (Geifman et al. 2019). 0 is perfect.
   */
  readonly area_under_risk_coverage: number;
}

const MOST_POINTS = 200;

/**
 * How accuracy rises as the least certain answers are left out (selective classification, El-Yaniv and Wiener 2010).
 *
 * Among equally uncertain answers no order is better than another, so that those of them which are kept have their mean
 * accuracy: the curve does not depend on the order of the samples.
 *
 * @param uncertainties (N); one that is not a number counts as the largest
 * @param right (N): whether the answer is the label
 */
export function coverageCurve(uncertainties: ArrayLike<number>, right: readonly boolean[]): CoverageCurve {
  const samples = right.length;
  const known = Array.from(uncertainties, (value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  const order = right.map((_, sample) => sample).sort((a, b) => (known[a] === known[b] ? 0 : known[a]! - known[b]!));
  /** [m]: expected number of right answers among the m + 1 most certain. */
  const rightKept = new Float64Array(samples);
  let before = 0;
  for (let start = 0; start < samples; ) {
    let end = start + 1;
    while (end < samples && known[order[end]!] === known[order[start]!]) end++;
    const tied = order.slice(start, end).filter((sample) => right[sample]).length;
    for (let i = start; i < end; i++) rightKept[i] = before + (tied * (i - start + 1)) / (end - start);
    before += tied;
    start = end;
  }
  const risk = rightKept.reduce((sum, kept, i) => sum + 1 - kept / (i + 1), 0) / samples;
  const shown = Math.min(samples, MOST_POINTS);
  const points = Array.from({ length: shown }, (_, i) => {
    const kept = Math.round(((i + 1) * samples) / shown);
    return { coverage: kept / samples, accuracy: rightKept[kept - 1]! / kept };
  });
  return { points, area_under_risk_coverage: risk };
}
