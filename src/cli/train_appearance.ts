import { basename } from 'node:path';
import type { Command } from 'commander';
import { appearanceCard } from '../experiments/appearance/appearance_card.js';
import { writeAppearanceClassifier } from '../experiments/appearance/appearance_file.js';
import { appearancesOf, labelledImages } from '../experiments/appearance/appearance_images.js';
import { readAppearanceRecipe } from '../experiments/appearance/appearance_recipe.js';
import { trainAppearance } from '../experiments/appearance/train_appearance.js';
import { writeFileWhole } from '../files.js';
import { FaceAppearance } from '../perception/appearance/face_appearance.js';
import type { LandmarkExtractor } from '../perception/landmarks/landmark_extractor.js';
import { loadLandmarkExtractor } from '../perception/load_landmark_extractor.js';
import { Progress } from '../progress.js';
import { reportText } from '../report/report_text.js';
import { interruptible } from './interrupt.js';

interface Flags {
  readonly recipe: string;
  readonly json?: boolean;
}

const EXAMPLE = `
Example:
  pstbln train-appearance --recipe config/appearance.yaml`;

/** Adds `pstbln train-appearance`. */
export function addTrainAppearanceCommand(program: Command): void {
  program
    .command('train-appearance')
    .description(
      "learn what the pixels of faces tell of expressions, for the recipe's `appearance` of a model that knows landmarks",
    )
    .requiredOption('--recipe <file.yaml>', 'the images that it is learned from, and how')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLE)
    .action((flags: Flags) => interruptible((signal) => train(flags, signal)));
}

async function train(flags: Flags, signal: AbortSignal): Promise<void> {
  const recipe = await readAppearanceRecipe(flags.recipe);
  const { sources, extractor: extractorName, output } = recipe;
  const images = labelledImages(recipe);
  const total = images.reduce((sum, { length }) => sum + length, 0);
  const kinds: (Awaited<ReturnType<typeof appearancesOf>> & { share: number })[] = [];
  const appearance = await FaceAppearance.load();
  const looking = new Progress('looking at images');
  let extractor: LandmarkExtractor | undefined;
  try {
    extractor = await loadLandmarkExtractor(extractorName);
    let before = 0;
    for (const [at, { images: tree, share }] of sources.entries()) {
      const progress = (done: number) => looking.update(before + done, total);
      const seen = await appearancesOf(images[at]!, tree, { extractor, appearance }, progress, signal);
      kinds.push({ ...seen, share });
      before += images[at]!.length;
    }
  } finally {
    looking.end();
    await Promise.all([extractor?.release(), appearance.release()]);
  }
  const learning = new Progress('learning, classifiers done:');
  const onProgress = (done: number, of: number) => learning.update(done, of);
  const { classifier, reports } = await trainAppearance(
    kinds,
    recipe,
    appearance.lastLayer,
    onProgress,
    signal,
  ).finally(() => learning.end());
  const files = [`${output}.json`, `${output}.md`] as const;
  const counts = kinds.map(({ faces, missed }) => ({ faces: faces.length, missed: missed.length }));
  await writeAppearanceClassifier(files[0], classifier);
  await writeFileWhole(files[1], appearanceCard(basename(output), recipe, counts, reports));
  if (flags.json) {
    const results = sources.map(({ images: tree }, at) => ({ images: tree, ...counts[at]!, ...reports[at] }));
    console.log(JSON.stringify({ classes: classifier.classes, sources: results, files }));
    return;
  }
  for (const [at, { images: tree }] of sources.entries()) {
    const { faces, missed } = counts[at]!;
    const held =
      reports[at] === undefined ? '' : `; of people that were held out, by pixels alone: ${reportText(reports[at])}\n`;
    console.log(`${tree}: ${faces} faces, ${missed} images without one${held}`);
  }
  console.log(`Wrote ${files.join(', ')}`);
}
