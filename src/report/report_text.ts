import type { ClassificationReport } from '../learner/evaluation/classification_report.js';

/** A report as a person reads it: figures, then the confusion matrix with labels in rows. */
export function reportText({
  accuracy,
  mean_recall,
  classes,
  recall,
  confusion,
  samples,
}: ClassificationReport): string {
  const width = Math.max(...classes.map((name) => name.length)) + 2;
  const cells = (values: readonly string[]) => values.map((value) => value.padStart(width)).join('');
  const rows = classes.map((name, label) => {
    const share = recall[label];
    const counts = confusion[label]!.map((count) => (count === 0 ? '.' : String(count)));
    return `${name.padEnd(width)}${cells(counts)}${cells([share === null || share === undefined ? '-' : share.toFixed(2)])}`;
  });
  return [
    `accuracy ${accuracy.toFixed(3)}, mean recall ${mean_recall.toFixed(3)} (${samples} samples)`,
    '',
    `${''.padEnd(width)}${cells(classes)}${cells(['recall'])}`,
    ...rows,
  ].join('\n');
}
