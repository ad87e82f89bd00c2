/** Index of the first value that is NaN or infinite; -1 where there is none. A plain loop: it runs on every batch. */
export function indexOfNonFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // NaN and infinity minus themselves are NaN.
    if (value - value !== 0) return i;
  }
  return -1;
}
