import { median } from './median.js';

/** What a contender said of a still. */
export interface StillAnswer {
  /** The name of a class; null where it found no face. */
  readonly answer: string | null;
  readonly milliseconds: number;
}

/** How right a contender is. Ready for JSON. */
export interface ContenderReport {
  /** Of all stills: where no face was found, the answer counts as wrong. */
  readonly accuracy: number;
  /** The mean of `recall` over the classes that occur. */
  readonly mean_recall: number;
  /** By class: share of its stills that are answered right; null where it does not occur. */
  readonly recall: Readonly<Record<string, number | null>>;
  readonly faces_missed: number;
  /** Of the stills whose face was found; null where there are none. */
  readonly accuracy_of_found: number | null;
  /** From decoded pixels to the answer, median. */
  readonly ms_per_still: number;
}

/**
 * The figures of one contender.
 *
 * @param labels (N): names of classes; at least one
 * @param answers (N)
 * @param classes those that are reported on
 */
export function contenderReport(
  labels: readonly string[],
  answers: readonly StillAnswer[],
  classes: readonly string[],
): ContenderReport {
  const right = answers.map(({ answer }, still) => answer === labels[still]);
  const recall = Object.fromEntries(
    classes.map((name) => [name, meanOrNull(right.filter((_, still) => labels[still] === name))]),
  );
  const found = right.filter((_, still) => answers[still]!.answer !== null);
  return {
    accuracy: meanOrNull(right)!,
    mean_recall: meanOrNull(Object.values(recall).filter((value) => value !== null))!,
    recall,
    faces_missed: answers.length - found.length,
    accuracy_of_found: meanOrNull(found),
    ms_per_still: median(answers.map(({ milliseconds }) => milliseconds)),
  };
}

/** Ours over another's: above 1 we are more often right, or slower. */
export interface Ratios {
  readonly accuracy: number | null;
  readonly mean_recall: number | null;
  readonly ms_per_still: number;
}

/** A ratio to nought is null. */
export function ratios(ours: ContenderReport, other: ContenderReport): Ratios {
  const over = (a: number, b: number) => (b === 0 ? null : a / b);
  return {
    accuracy: over(ours.accuracy, other.accuracy),
    mean_recall: over(ours.mean_recall, other.mean_recall),
    ms_per_still: ours.ms_per_still / other.ms_per_still,
  };
}

function meanOrNull(values: readonly (number | boolean)[]): number | null {
  return values.length === 0 ? null : values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
}
