/** Eight answers over three classes whose figures scikit-learn 1.7 was asked for. */
export const PROBABILITIES = [
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.3, 0.3, 0.4],
  [0.6, 0.3, 0.1],
  [0.2, 0.2, 0.6],
  [0.05, 0.9, 0.05],
  [0.5, 0.1, 0.4],
  [0.2, 0.5, 0.3],
] as const;
export const LABELS = Int32Array.of(0, 1, 2, 1, 2, 1, 2, 0);

export function near(actual: number | null, expected: number, tolerance = 1e-6): boolean {
  return actual !== null && Math.abs(actual - expected) <= tolerance;
}
