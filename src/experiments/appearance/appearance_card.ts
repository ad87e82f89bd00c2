import type { ClassificationReport } from '../../learner/evaluation/classification_report.js';
import { reportText } from '../../report/report_text.js';
import type { AppearanceRecipe } from './appearance_recipe.js';

/** What a classifier of pixels was learned from. */
export interface AppearanceCounts {
  readonly faces: number;
  readonly missed: number;
}

/**
 * The card (Mitchell et al. 2019) of a classifier of pixels, in Markdown.
 *
 * @param name of the classifier's file, less its ending
 * @param counts, reports: by source; `reports` empty where there were no folds
 */
export function appearanceCard(
  name: string,
  recipe: AppearanceRecipe,
  counts: readonly AppearanceCounts[],
  reports: readonly ClassificationReport[],
): string {
  const { sources, decay, own_decay: ownDecay, network_share: share, extractor } = recipe;
  return [
    `# ${name}`,
    '',
    "A linear classifier of the features that face-api.js's expression network (MIT) has of a face's pixels. Models that know landmarks go by",
    'it where they see images. It tells what a face shows, as other people named it in photos; not what its owner feels.',
    '',
    '## How it was made',
    '',
    `- faces found by ${extractor}, each with its mirror image`,
    ...sources.map(({ images, share, classes }, at) => {
      const { faces, missed } = counts[at]!;
      const only = classes.length === 0 ? '' : `, of ${classes.join(', ')} alone`;
      return `- ${images}: ${faces} faces${only}, share ${share}; ${missed} images without a face`;
    }),
    `- logistic regression that begins with ${share} of the network's own last layer, weight decay ${decay} of what the sources have in common and ${ownDecay} of what each has for itself; the weights are those of the first`,
    '- What the licence of these images allows goes for it, too.',
    '',
    ...reports.flatMap((report, at) => [
      `## ${sources[at]!.images}: people that were held out, by pixels alone`,
      '',
      '```text',
      reportText(report),
      '```',
      '',
    ]),
  ].join('\n');
}
