import { InvalidInputError } from '../../errors.js';

/**
 * Share of samples whose label is among their `k` most probable classes; 1 where k is at least the number of classes.
 * Of equally probable classes the one of the lower index goes first, as in the answer itself.
 *
 * @param labels (N)
 * @param probabilities (N) of (K)
 * @throws InvalidInputError where k is no whole number from 1 on
 */
export function topKAccuracy(
  labels: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  k: number,
): number {
  if (!Number.isInteger(k) || k < 1) throw new InvalidInputError('k', k, 'a whole number, 1 or more', 'showTopk');
  const hits = probabilities.filter((row, sample) => {
    const label = labels[sample]!;
    let before = 0;
    for (let other = 0; other < row.length; other++) {
      if (row[other]! > row[label]! || (row[other] === row[label] && other < label)) before++;
    }
    return before < k;
  });
  return hits.length / probabilities.length;
}
