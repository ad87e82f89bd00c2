/** How well predictions meet labels. */
export interface ClassificationReport {
  /** Share of samples whose prediction is their label. */
  readonly accuracy: number;
  /** Mean over the classes that occur of the share of their samples that are predicted right. */
  readonly mean_recall: number;
  readonly classes: readonly string[];
  /** By class; null for a class without samples. */
  readonly recall: readonly (number | null)[];
  /** confusion[label][prediction]: counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly samples: number;
}

/** @param labels, predictions: class indices, of one length */
export function classificationReport(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: readonly string[],
): ClassificationReport {
  const confusion = classes.map(() => classes.map(() => 0));
  for (let i = 0; i < labels.length; i++) confusion[labels[i]!]![predictions[i]!]!++;
  const recall = confusion.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total > 0 ? row[label]! / total : null;
  });
  const known = recall.filter((value) => value !== null);
  const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  return {
    accuracy: right / labels.length,
    mean_recall: known.reduce((sum, value) => sum + value, 0) / known.length,
    classes,
    recall,
    confusion,
    samples: labels.length,
  };
}

/** Index of the largest of `count` values from `offset`. */
export function argmax(values: ArrayLike<number>, offset = 0, count = values.length): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[offset + i]! > values[offset + best]!) best = i;
  return best;
}
