import type { EvaluationReport } from '../learner/evaluation/evaluation_report.js';
import type { MissedImage } from './image_views.js';

/** How right a model is on images; a sample of which a face was missed counts as wrong. Ready for JSON. */
export interface ImageReport {
  /** Share of all samples that are answered right. */
  readonly accuracy: number;
  /** Mean over the classes that occur of the share of their samples that are answered right. */
  readonly mean_recall: number;
  readonly samples: number;
  /** Samples without an answer: no face was found in an image that they need, or its file cannot be decoded. */
  readonly faces_missed: number;
  readonly classes: readonly string[];
  /** By class, of all samples; null where it does not occur. */
  readonly recall: readonly (number | null)[];
  /** confusion[label][answer]: counts of the samples with an answer. */
  readonly confusion: readonly (readonly number[])[];
  /** By class: samples without an answer. */
  readonly faces_missed_by_class: readonly number[];
  /** All figures of the samples with an answer; null where there is none. */
  readonly found: EvaluationReport | null;
  /** The images because of which there is no answer. */
  readonly missed: readonly MissedImage[];
}

/**
 * Puts the samples without an answer beside the figures of the others.
 *
 * @param labels of all samples: class indices; at least one
 * @param missed of all samples: the image that gave no landmarks, or null
 * @param found the figures of the samples with an answer; null where there is none
 */
export function imageReport(
  labels: ArrayLike<number>,
  missed: readonly (MissedImage | null)[],
  found: EvaluationReport | null,
  classes: readonly string[],
): ImageReport {
  const faces_missed_by_class = classes.map(() => 0);
  missed.forEach((image, sample) => {
    if (image !== null) faces_missed_by_class[labels[sample]!]!++;
  });
  const confusion = found?.confusion ?? classes.map(() => classes.map(() => 0));
  const right = confusion.map((row, label) => row[label]!);
  const recall = confusion.map((row, label) => {
    const total = row.reduce((sum, count) => sum + count, faces_missed_by_class[label]!);
    return total > 0 ? right[label]! / total : null;
  });
  const known = recall.filter((value) => value !== null);
  const images = missed.filter((image) => image !== null);
  return {
    accuracy: right.reduce((sum, count) => sum + count, 0) / labels.length,
    mean_recall: known.reduce((sum, value) => sum + value, 0) / known.length,
    samples: labels.length,
    faces_missed: images.length,
    classes,
    recall,
    confusion,
    faces_missed_by_class,
    found,
    missed: images,
  };
}
