/**
 * Splits a whole number by weights, by largest remainders: the parts add up to `total`, and each is within 1 of its share.
 *
 * @param weights at least 0 each, not all 0
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b]! - parts[b]! - (exact[a]! - parts[a]!) || a - b);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  for (const i of byRemainder.slice(0, missing)) parts[i] = parts[i]! + 1;
  return parts;
}
