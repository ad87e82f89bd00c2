/**
 * A quantile of numbers in any order: the one that, once they are sorted, a share of them comes before.
 *
 * @param share 0 to 1: 0.5 for the median
 * @returns NaN of none
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
