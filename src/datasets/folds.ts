import { InvalidInputError } from '../errors.js';
import { SeededRandom } from '../learner/random/seeded_random.js';

/**
 * Splits samples into folds such that no subject is in two of them, and that sizes and classes are as even as greedily
 * possible: subjects with the most samples are placed first, each where its classes are most wanting.
 *
 * @param subjects of each sample; @param categories of each sample
 * @returns the fold of each sample, 0 .. folds - 1
 */
export function subjectIndependentFolds(
  subjects: readonly string[],
  categories: readonly string[],
  folds: number,
  seed: number,
): number[] {
  const samplesOf = groupBy(
    subjects.map((_, i) => i),
    (i) => subjects[i]!,
  );
  if (!Number.isInteger(folds) || folds < 2 || folds > samplesOf.size) {
    throw new InvalidInputError(
      'folds',
      folds,
      `a whole number from 2 to the ${samplesOf.size} subjects`,
      'the fold options',
    );
  }
  const totals = countBy(categories);
  const order = new SeededRandom(seed).shuffle([...samplesOf.keys()].sort());
  order.sort((a, b) => samplesOf.get(b)!.length - samplesOf.get(a)!.length);
  const counts = Array.from({ length: folds }, () => new Map<string, number>());
  const sizes = new Array<number>(folds).fill(0);
  const result = new Array<number>(subjects.length).fill(0);
  for (const subject of order) {
    const samples = samplesOf.get(subject)!;
    // How full a fold already is of this subject's classes, each relative to that class's share of a fold.
    const fullness = counts.map((count, fold) => {
      const classes = samples.reduce(
        (sum, i) => sum + (count.get(categories[i]!) ?? 0) / totals.get(categories[i]!)!,
        0,
      );
      return classes / samples.length + sizes[fold]! / subjects.length;
    });
    const fold = fullness.indexOf(Math.min(...fullness));
    for (const i of samples) {
      result[i] = fold;
      counts[fold]!.set(categories[i]!, (counts[fold]!.get(categories[i]!) ?? 0) + 1);
    }
    sizes[fold] = sizes[fold]! + samples.length;
  }
  return result;
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
