import type { ImageReport } from '../experiments/image_report.js';
import { reportText } from '../report/report_text.js';

/** A report on images as a person reads it. */
export function imageReportText(report: ImageReport): string {
  const { found, missed, faces_missed_by_class: byClass } = report;
  const classes = report.classes.flatMap((name, label) => (byClass[label]! > 0 ? [`${name} ${byClass[label]}`] : []));
  return [
    reportText(report),
    '',
    `faces missed: ${report.faces_missed}${classes.length > 0 ? ` (${classes.join(', ')}), counted as wrong` : ''}`,
    ...(found === null
      ? []
      : [
          `of the ${found.samples} found: accuracy ${found.accuracy.toFixed(3)}, mean recall ${found.mean_recall.toFixed(3)}`,
        ]),
    ...missed.map(({ file, reason }) => `  ${reason.includes(file) ? reason : `${file}: ${reason}`}`),
  ].join('\n');
}
