import { basename } from 'node:path';
import type { BuildCandidate } from '../learner/building/candidate.js';
import { comparesWithReference } from '../perception/window/window_features.js';
import type { CrossValidation } from './cross_validation.js';
import { heldOutGroupsText } from './held_out_groups.js';
import type { LandmarkData } from './landmark_data.js';
import type { LandmarkRecipe } from './recipe.js';

/**
 * The model card (Mitchell et al. 2019) of a trained model, in Markdown. What it says of CK+ is in it where the recipe's
 * dataset_name names CK+.
 *
 * @param data what it was trained on
 */
export function modelCard(
  recipe: LandmarkRecipe,
  data: LandmarkData,
  {
    temperature,
    crossValidation,
    candidates,
    extractors,
  }: {
    /** Names of what found the landmarks; empty where that is not known. */
    readonly extractors: readonly string[];
    readonly temperature: number;
    readonly crossValidation: CrossValidation | null;
    /** Empty where the topology was given. */
    readonly candidates: readonly BuildCandidate[];
  },
): string {
  const { window, network, training } = recipe;
  const ofCkPlus = /\bCK\+/.test(recipe.dataset_name);
  const lines = [
    `# ${recipe.name}`,
    '',
    'A PST-BLN network that names the expression in a short window of 68 facial landmarks.',
    '',
    '## Data and licence',
    '',
    `Trained on ${data.describe(recipe.dataset_name)}: landmarks only, no images.`,
    ...(ofCkPlus
      ? ['CK+ may be used for research only (Lucey et al. 2010); so may this model.']
      : ['What the licence of these data allows goes for this model, too.']),
    'The code that trains it is Apache-2.0.',
    '',
    '## How it was made',
    '',
    `- topology [${network.topology.join(', ')}]${candidates.length > 0 ? `, found by progressive building among ${candidates.length} candidates` : ''}, block size ${network.block_size}, dropout ${network.dropout_rate}`,
    `- ${training.epochs} epochs of ${training.optimizer_name}, learning rate ${training.lr}${training.lr_schedule && ` (${training.lr_schedule})`}, weight decay ${training.weight_decay}, batches of ${training.batch_size}, seed ${training.seed}`,
    `- windows: ${window.ages_seconds.join(', ')} s before the newest frame; ${window.points} points, aligned to the mean face by ${window.alignment} points, as ${REPRESENTED[window.representation]}`,
    `- augmentation: ${Object.entries(recipe.augmentation)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    ...(recipe.neutral_share > 0
      ? [
          `- Neutral: windows in which nothing happens, ${recipe.neutral_share} a sequence, made of resting faces, of expressions that stay and of expressions that have faded`,
        ]
      : []),
    `- temperature ${temperature}, fitted on held-out subjects`,
    ...(recipe.appearance !== null
      ? [
          `- where images are seen, the pixels of faces count too, as ${basename(recipe.appearance.classifier)} reads them, beside the power ${recipe.appearance.landmarks_power} of the probabilities by landmarks; the figures here are of landmarks alone`,
        ]
      : []),
    '',
    ...(crossValidation === null ? [] : figures(crossValidation)),
    '## Limits',
    '',
    ...(ofCkPlus ? CK_PLUS_LIMITS : OTHER_DATA_LIMITS),
    ...(data.hasStills ? STILLS_LIMITS : []),
    ...(comparesWithReference(window) ? REFERENCE_LIMITS : CHANGE_LIMITS),
    `- Another landmark extractor than ${extractors.length === 0 ? "the training data's" : extractors.join(', ')} puts its points elsewhere, which costs accuracy.`,
    '- An expression is not a feeling. Do not use it to judge people.',
    '',
  ];
  return lines.join('\n');
}

const REPRESENTED = {
  displacement: 'displacements from the first frame',
  position: 'positions',
  displacement_from_reference:
    "displacements from the person's own neutral face where it is known, else from the extractor's mean one",
} as const;

const CK_PLUS_LIMITS: readonly string[] = [
  '- CK+ shows posed expressions of cooperative adults, from the front, in a laboratory. From it alone the network knows',
  '  no spontaneous, slight or mixed expressions, no children, and no turned or covered faces.',
];

const OTHER_DATA_LIMITS: readonly string[] = [
  '- Faces, expressions, poses and cameras other than those of its data are outside what it has seen.',
];

const STILLS_LIMITS: readonly string[] = [
  '- Of stills it has seen one moment each, and no neutral face of the same person. Their labels were given by looking at',
  '  single pictures, so they are noisy; figures on stills are figures against such labels.',
];

const CHANGE_LIMITS: readonly string[] = [
  '- It sees changes within its window: an expression that is there from the first frame on, or that stays for longer',
  '  than the window, counts as Neutral.',
];

const REFERENCE_LIMITS: readonly string[] = [
  '- It names how a face differs from a reference face. Where the own neutral face of a person is not known, a face that',
  '  differs from the mean one at rest is easily taken for an expression; where a wrong one is taken for the own, so is the',
  '  difference to it.',
];

function figures({ report, folds, groups }: CrossValidation): string[] {
  const { classes, confusion, recall } = report;
  return [
    '## Figures',
    '',
    `By subject-independent cross-validation of the same recipe (${folds.length} folds, ${report.samples} windows): accuracy ${report.accuracy.toFixed(3)}, mean recall ${report.mean_recall.toFixed(3)}, expected calibration error ${report.expected_calibration_error.toFixed(3)}, negative log likelihood ${report.nll.toFixed(3)}. Each fold was calibrated by a temperature from the other folds' answers.`,
    '',
    `| label | ${classes.join(' | ')} | recall |`,
    `|---|${classes.map(() => '---:|').join('')}---:|`,
    ...classes
      .map((name, label) => ({ name, row: confusion[label]!, share: recall[label] }))
      .filter(({ share }) => share !== null)
      .map(({ name, row, share }) => `| ${name} | ${row.join(' | ')} | ${share!.toFixed(2)} |`),
    '',
    'Rows are labels, columns what the network said.',
    '',
    ...(groups.length === 0 ? [] : ['```text', heldOutGroupsText(groups), '```', '']),
  ];
}
