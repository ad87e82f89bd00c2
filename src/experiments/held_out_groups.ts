import { z } from 'zod';
import { evaluationReport } from '../learner/evaluation/evaluation_report.js';
import type { ExpressionEstimate } from '../learner/inference/expression_estimate.js';

/** What held-out windows are reported on by. */
export const heldOutGroupSchema = z.strictObject({
  /** What the windows show: an expression of a sequence, a sequence's neutral first frame, or a still. */
  source: z.enum(['sequences', 'first_frames', 'stills']),
  extractor: z.string(),
  /** What the windows are compared with: the extractor's mean neutral face, or the person's own. */
  reference: z.enum(['mean', 'own']),
});

export type HeldOutGroup = z.output<typeof heldOutGroupSchema>;

/** How right the answers to one group of windows are. Ready for JSON. */
export interface HeldOutGroupReport extends HeldOutGroup {
  readonly samples: number;
  readonly accuracy: number;
  /** Over the classes that occur. */
  readonly mean_recall: number;
  readonly expected_calibration_error: number;
  /** By class; null where it does not occur. */
  readonly recall: readonly (number | null)[];
}

/**
 * Weights under which stills, sequences compared with the own neutral face, and sequences (and their first frames) compared
 * with the extractor's mean one count the same in total, however many of each there are.
 *
 * @param groups of each answer's samples
 * @returns of each answer's samples, their weights, 1 in the mean
 */
export function balancedWeights(groups: readonly (readonly HeldOutGroup[])[]): Float64Array[] {
  const kindOf = ({ source, reference }: HeldOutGroup) => (source === 'stills' ? source : reference);
  const counts = new Map<string, number>();
  for (const group of groups.flat()) counts.set(kindOf(group), (counts.get(kindOf(group)) ?? 0) + 1);
  const share = groups.flat().length / counts.size;
  return groups.map((all) => Float64Array.from(all, (group) => share / counts.get(kindOf(group))!));
}

/** Reports on each group by itself, ordered by source, reference and extractor. */
export function heldOutGroupReports(
  groups: readonly HeldOutGroup[],
  labels: ArrayLike<number>,
  estimates: readonly ExpressionEstimate[],
  classes: readonly string[],
): HeldOutGroupReport[] {
  const byKey = new Map<string, number[]>();
  groups.forEach(({ source, extractor, reference }, sample) => {
    const key = JSON.stringify([source, reference, extractor]);
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [sample]);
    else members.push(sample);
  });
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => {
      const report = evaluationReport(
        members.map((sample) => labels[sample]!),
        members.map((sample) => estimates[sample]!),
        classes,
      );
      const { samples, accuracy, mean_recall, expected_calibration_error, recall } = report;
      return { ...groups[members[0]!]!, samples, accuracy, mean_recall, expected_calibration_error, recall };
    });
}

/** The reports as a table for people. */
export function heldOutGroupsText(reports: readonly HeldOutGroupReport[]): string {
  const rows = [
    ['windows', 'reference', 'extractor', 'samples', 'accuracy', 'mean recall', 'calibration error'],
    ...reports.map((report) => [
      report.source.replace('_', ' '),
      report.reference,
      report.extractor,
      String(report.samples),
      report.accuracy.toFixed(3),
      report.mean_recall.toFixed(3),
      report.expected_calibration_error.toFixed(3),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}
