import { markup } from '../markup.js';
import { fixed, percent } from '../numbers.js';
import type { ReportGroup } from '../report_data.js';
import { dataTable, figures, type Section } from './section.js';

const SHOWN: Readonly<Record<ReportGroup['source'], string>> = {
  sequences: 'sequences',
  first_frames: 'first frames',
  stills: 'stills',
};

/** Each kind of held-out windows: what they show, what found them, what they are compared with. */
export function groupTable(groups: readonly ReportGroup[]): Section {
  return {
    id: 'groups',
    heading: 'Kinds of windows',
    body: markup`<p>Windows of expressions, of neutral first frames and of stills, as each extractor sees them, compared with its mean neutral face or with the person's own one. Mean recall is over the classes that occur.</p>
${figures(
  [
    dataTable(
      [
        { heading: 'windows' },
        { heading: 'extractor' },
        { heading: 'reference' },
        { heading: 'samples', numbers: true },
        { heading: 'accuracy', numbers: true },
        { heading: 'mean recall', numbers: true },
        { heading: 'calibration error', numbers: true },
      ],
      groups.map((group) => [
        SHOWN[group.source],
        group.extractor,
        group.reference,
        group.samples,
        percent(group.accuracy),
        percent(group.mean_recall),
        fixed(group.expected_calibration_error),
      ]),
    ),
  ],
  { wide: true },
)}`,
  };
}
